// Every page, in both languages: accessible, in its own language, with nothing of a child in its title or address,
// and readable on a narrow screen. What a page loads or does wrong is a fault without a word here: the harness listens.

import { assert, test } from "../harness.mjs";
import { at, CHILDREN, say, TEXTS } from "../console.mjs";
import { scene } from "../scene.mjs";

/** Name, who looks (nobody for a visitor), its address, and the status where it isn't 200. */
const PAGES = [
  ["sign-in", null, "/sign-in"],
  ["sign-in after a session ended", null, "/sign-in?ended=yes&next=%2Fwork"],
  ["a problem's code", null, "/problems/version_mismatch"],
  ["not found, for a visitor", null, "/no-such-page", 404],
  ["not found", "officer", "/no-such-page", 404],
  ["forbidden", "officer", "/mail", 403],
  ["a filter that isn't one", "officer", "/work?state=lost", 400],
  ["home of an officer", "officer", "/"],
  ["home of a team lead", "team_lead", "/"],
  ["home of a school", "submitter", "/"],
  ["home of a safeguarding person", "dsp", "/"],
  ["home of a health worker", "in_reach_worker", "/"],
  ["home of the administrator", "administrator", "/"],
  ["work of an officer", "officer", "/work"],
  ["work, filtered", "officer", "/work?state=submitted&mine=yes"],
  ["work, nothing found", "officer_eps", "/work?state=declined"],
  ["work of a safeguarding person", "dsp", "/work"],
  ["work of a safeguarding person, waiting", "dsp", "/work?warrn=waiting"],
  ["work of a health worker", "in_reach_worker", "/work"],
  ["referral, new", "officer", ({ fresh }) => fresh],
  ["referral, without content", "headteacher", ({ fresh }) => fresh],
  ["referral, with a question", "submitter", ({ asked }) => asked],
  ["referral, declined", "submitter", ({ declined }) => declined],
  ["referral, passed on", "submitter", ({ passed }) => passed],
  ["ask", "officer", ({ fresh }) => `${fresh}/ask`],
  ["decline", "officer", ({ fresh }) => `${fresh}/decline`],
  ["redirect", "officer", ({ fresh }) => `${fresh}/redirect`],
  ["answer", "submitter", ({ asked }) => `${asked}/answer`],
  ["WARRN record", "dsp", ({ warrn }) => warrn],
  ["send a WARRN record", "in_reach_worker", "/warrn/send"],
  ["return, its notes", "dsp", ({ warrn }) => `${warrn}/file`],
  ["return, its date", "dsp", ({ warrn }) => `${warrn}/steps/return_date`],
  ["refer from a record", "dsp", ({ warrn }) => `${warrn}/refer`],
  ["alerts", "team_lead", "/alerts"],
  ["report of returns", "team_lead", "/reports/reintegration"],
  ["report of returns, of a year not over", "team_lead", "/reports/reintegration?year=2099%2F00", 409],
  ["when one is away", "headteacher", "/account/absence"],
  ["special provision, a timetable", "dsp", ({ warrn }) => `${warrn}/provision/new/reduced_timetable`],
  ["special provision, a handling plan", "dsp", ({ warrn }) => `${warrn}/provision/new/handling_plan`],
  ["special provision, EOTAS", "dsp", ({ warrn }) => `${warrn}/provision/new/eotas`],
  ["surveys", "headteacher", "/surveys"],
  ["surveys, open now", "administrator", "/surveys?open=yes"],
  ["survey, progress", "administrator", ({ open }) => open],
  ["survey, closed, with results", "analyst", ({ over }) => over],
  ["survey, closed, of a school", "headteacher", ({ over }) => over],
  ["survey, open, of a school", "headteacher", ({ open }) => open],
  ["results", "headteacher", ({ over }) => `${over}/schools/6994001`],
  ["results of a Welsh school", "analyst", ({ over }) => `${over}/schools/6994002`],
  ["results, too few", "analyst", ({ over }) => `${over}/schools/6992002`],
  ["results, not yet", "analyst", ({ open }) => `${open}/schools/6992001`],
  ["a new survey", "administrator", "/surveys/new"],
  ["questionnaires", "administrator", "/questionnaires"],
  ["publishing results", "administrator", ({ over }) => `${over}/releases`],
  ["results of all schools", "analyst", ({ over }) => `${over}/results`],
  ["annual report of a survey", "analyst", ({ over }) => `${over}/report`],
  ["annual report, not yet", "analyst", ({ open }) => `${open}/report`],
  ["opening a school again", "administrator", ({ open }) => `${open}/schools/6994001/reopen`],
  ["a school's rolls", "administrator", ({ open }) => `${open}/schools/6994001/rolls`],
  ["rolls from a file", "administrator", ({ open }) => `${open}/rolls`],
  ["signing off", "headteacher", ({ open }) => `${open}/schools/6994001/sign-off`],
  ["a file of answers", "submitter", ({ open }) => `${open}/schools/6994001/bulk`],
  ["mail", "administrator", "/mail"],
  ["a message", "administrator", ({ message }) => message],
];

/** What a page says of itself, rather than of its record. A school's name and the headings of a record are
 * settings. */
const FRAME = ".govuk-skip-link, nav a, h1, h2, h3, caption, thead th:not(.dolen-name), dt, label:not([for^=summary-]), legend, main button, main .govuk-button, .govuk-back-link, " +
  ".dolen-state, .govuk-hint, select:not(#school) option, #school option:first-child, summary, footer p, main > p, .govuk-grid-row p";
/** The symbols of results, academic years, and the subject of a message, which is shown as it was sent. */
const SAME = /^(c|z|x|u|\d{4}\/\d\d|Dolen: .*DL-.*)$/;

const ENGLISH = new Map(Object.entries(TEXTS.en).filter(([, text]) => !text.includes("{")).map(([key, text]) => [text, key]));
/** A text as a pattern of what it becomes with its values. A few hold nearly nothing but values, and would fit anything. */
const pattern = (text) => new RegExp(`^${text.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{ \\\$\w+ \}/g, ".+")}$`);
const PATTERNS = Object.keys(TEXTS.en).filter((key) => !["span", "day-and-hour", "by"].includes(key)).map((key) => [pattern(TEXTS.en[key]), pattern(TEXTS.cy[key])]);
const welshOf = (text) => PATTERNS.filter(([english]) => english.test(text)).map(([, welsh]) => welsh);
const MONTHS = /\b(January|February|March|April|May|June|July|August|September|October|November|December)\b/;

const frame = (page) => page.locator(FRAME).evaluateAll((all) => all.map((one) => one.textContent.replace(/\s+/g, " ").trim()));
const texts = (page) => page.evaluate(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest("[lang=en], script, .dolen-person") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode.data.trim());
  return [...found, ...[...document.querySelectorAll("[aria-label], [title]")].map((one) => one.ariaLabel ?? one.title)];
});

/** Nothing is left in English but a person's own name (in the demo, that of a role): what the strings files know is in Welsh, and the rest of the frame differs. */
async function isWelsh(page, english) {
  const welsh = await frame(page);
  assert.equal(welsh.length, english.length, "both languages have the same parts");
  english.forEach((text, i) => {
    const wanted = welshOf(text);
    if (wanted.length > 0) assert.ok(wanted.some((one) => one.test(welsh[i])), `"${text}" is "${welsh[i]}"`);
    else if (text !== "" && !SAME.test(text)) assert.notEqual(welsh[i], text, `left in English: "${text}"`);
  });
  for (const text of await texts(page)) {
    const key = ENGLISH.get(text);
    assert.ok(key === undefined || TEXTS.cy[key] === text, `"${text}" in a Welsh page`);
    assert.doesNotMatch(text, MONTHS);
  }
}

/** At 320 CSS pixels nothing makes the page scroll sideways (WCAG 1.4.10). */
async function reflows(page) {
  await page.setViewportSize({ width: 320, height: 640 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 320, `${page.url()} is ${wide} px wide at 320`);
  await page.setViewportSize({ width: 1280, height: 900 });
}

for (const [name, who, address, status = 200] of PAGES) {
  test(`page: ${name}`, async (helpers) => {
    const { page, visit, signIn, axe, shot } = helpers;
    const path = typeof address === "string" ? address : address(await scene(helpers));
    if (who) await signIn(page, who);
    let english;
    for (const lang of ["en", "cy"]) {
      const response = await visit(at(lang, path), page, status);
      assert.equal(response.headers()["content-language"], lang);
      assert.equal(await page.locator("html").getAttribute("lang"), lang);
      assert.equal(await page.locator("h1").count(), 1);
      const title = await page.title();
      assert.ok(title.endsWith(` - ${say(lang, "service-name")} - ${lang === "cy" ? "Cyngor Dyffryn Enghraifft" : "Example Valley Council"}`), title);
      const addresses = await page.locator("[href], [action], [src]").evaluateAll((all) =>
        all.map((one) => one.getAttribute("href") ?? one.getAttribute("action") ?? one.getAttribute("src")));
      for (const text of [title, page.url(), ...addresses]) assert.doesNotMatch(decodeURIComponent(text), CHILDREN);
      // Its links stay in its language; the one to the other says so. Data have none.
      const leaving = await page.locator("a[href^='/']:not([hreflang]), form[action]").evaluateAll((all) => all.map((one) => one.getAttribute("href") ?? one.getAttribute("action")));
      for (const link of leaving.filter((one) => !one.startsWith("/v1/"))) assert.equal(link === "/cy" || link.startsWith("/cy/"), lang === "cy", link);
      if (lang === "en") english = await frame(page);
      else await isWelsh(page, english);
      await axe();
      await shot(`${name}-${lang}`);
      await reflows(page);
    }
    // The switch leads to this very page in the other language, and back.
    for (const [link, lang] of [["English", "en"], ["Cymraeg", "cy"]]) {
      await page.getByRole("link", { name: link, exact: true }).click();
      await page.waitForURL((url) => url.pathname + url.search === at(lang, path));
      assert.equal(await page.locator("html").getAttribute("lang"), lang);
      assert.equal(await page.locator(".dolen-language [aria-current=true]").textContent(), link);
    }
  });
}
