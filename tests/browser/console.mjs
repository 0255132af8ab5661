// What the cases know of the console: its texts, and how to make records of their own, so that no case needs what
// another has left.

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { assert } from "./harness.mjs";

const STRINGS = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "console", "strings");

/** The texts of one line of a strings file; those with numbers in several forms are left out. */
const lines = (file) => Object.fromEntries(
  [...readFileSync(join(STRINGS, file), "utf8").matchAll(/^([a-z-]+) = (?!\{ \$\w+ ->)(.+)$/gm)].map(([, key, text]) => [key, text]),
);
export const TEXTS = { en: lines("en.ftl"), cy: lines("cy.ftl") };

/** A text of the pages in a language. */
export function say(lang, key, args = {}) {
  const text = TEXTS[lang][key];
  assert.ok(text, `no text ${key} in ${lang}`);
  return text.replace(/\{ \$(\w+) \}/g, (_, name) => args[name]);
}

/** The address of a page in a language. */
export const at = (lang, path) => (lang === "en" ? path : path === "/" ? "/cy" : `/cy${path}`);

/** The invented children of the demo and of the cases. Their names stand in contents and nowhere else. */
export const CHILD = { given_name: "Eirlys Prawf", family_name: "Ddychmygus", born_on: "2012-03-01" };
export const CHILDREN = /Enghraifft (Un|Dau|Tri|Pedwar|Pump|Chwech)\b|Ddychmygol|Eirlys|Ddychmygus/;
export const NEED = "Mae angen rhywun i siarad ag ef. (Dychmygol.)";

/** Every answer that isn't a success is a fault of the case. */
async function data(answer) {
  assert.ok(answer.ok(), `${answer.url()} answered ${answer.status()}: ${await answer.text()}`);
  return answer.json();
}

/** A request of the REST API by whoever is signed in at this page, or by the client with this token. */
export async function send(page, path, body, { token, version } = {}) {
  const headers = { "idempotency-key": randomUUID() };
  if (token) headers.authorization = `Bearer ${token}`;
  if (version) headers["if-match"] = version;
  return data(await page.request.post(path, { headers, data: body }));
}

/** An invented child of its own. */
let children = 0;
const child = () => ({ ...CHILD, born_on: `2012-03-${String((children++ % 31) + 1).padStart(2, "0")}` });

/** Opens a referral, as the person who is signed in or with a client's token. Answers with its envelope. */
export const openReferral = (page, token, changes = {}) =>
  send(page, "/v1/referrals", {
    school_number: "6994001",
    service: "sbc",
    key_area: "wellbeing",
    pupil: child(),
    year_group: 9,
    need: NEED,
    evidence: "Sgwrs bob wythnos am hanner tymor.",
    consent: { given_by: "parent", given_on: "2025-09-01" },
    ...changes,
  }, { token });

/** What the API answers to whoever is signed in at this page. */
export const get = async (page, path, token) =>
  data(await page.request.get(path, token ? { headers: { authorization: `Bearer ${token}` } } : {}));

/** Does something with a referral through the API, as the person who is signed in. */
export async function act(page, id, verb, body = {}) {
  const answer = await page.request.get(`/v1/referrals/${id}`);
  assert.equal(answer.status(), 200);
  return send(page, `/v1/referrals/${id}/${verb}`, body, { version: answer.headers().etag });
}

export const sendWarrn = (page, token, changes = {}) =>
  send(page, "/v1/warrn-records", {
    school: "6994001",
    pupil: child(),
    agreement: "WASPI-EXAMPLE-02",
    summary: [{ heading: "triggers", text: "Coridorau prysur. (Dychmygol.)" }],
    ...changes,
  }, { token });

/** What an in-reach worker types to send a record, by field; a box of the summary by its heading's code. */
export const typedRecord = (changes = {}) => {
  const { given_name, family_name, born_on } = child();
  const [year, month, date] = born_on.split("-");
  return {
    given_name, family_name, born_on: date, born_on_month: month, born_on_year: year,
    agreement: "WASPI-EXAMPLE-02", "summary-triggers": "Coridorau prysur. (Dychmygol.)", ...changes,
  };
};

/** The id of the demo's campaign whose window stands so. */
export const campaign = async (page, window) => {
  const { items } = await get(page, "/v1/survey-campaigns");
  return items.find((one) => one.window === window && one.title.en === "Annual bullying survey").id;
};

/** The button or link with exactly these words. */
export const button = (page, name) => page.getByRole("button", { name, exact: true });
export const heading = (page) => page.locator("main h1");
/** The state of the record shown. */
export const state = (page) => page.locator("main > p .dolen-state").first();
export const flash = (page) => page.locator(".govuk-notification-banner__heading");
export const summary = (page) => page.locator(".govuk-error-summary");
/** What happened to the referral shown, newest first. */
export const timeline = (page) => page.locator("section:has(#timeline) h3").allTextContents();
/** The value of a line of the summary lists. */
export const value = (page, key) =>
  page.locator(".govuk-summary-list__row").filter({ has: page.locator("dt", { hasText: new RegExp(`^${key}$`) }) }).locator("dd");

/** The page that says there is no such page, whatever there may be. */
export async function isNotFound(page, path, lang = "en") {
  const response = await page.goto(at(lang, path));
  assert.equal(response.status(), 404, `${path} answered ${response.status()}`);
  assert.equal(await heading(page).textContent(), say(lang, "problem-not-found"));
}

/** What a form of the page shown carries, for a request without the page. */
export async function fields(page, form) {
  const hidden = page.locator(`${form} input[type=hidden]`);
  return Object.fromEntries(await hidden.evaluateAll((inputs) => inputs.map(({ name, value }) => [name, value])));
}

const words = (text) => text.replace(/=\?utf-8\?([bq])\?(.*?)\?=/gi, (_, kind, inner) =>
  kind.toLowerCase() === "b" ? Buffer.from(inner, "base64").toString("utf8") : printable(inner.replaceAll("_", " ")));
const printable = (text) => Buffer.from(
  text.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16))), "latin1").toString("utf8");

/** A message as its reader sees it: headers by name, and the text. */
export function decode({ raw }) {
  const [, head, body] = /^(.*?)\r?\n\r?\n(.*)$/s.exec(raw);
  const fieldsOf = head.replace(/\r?\n[ \t]+/g, " ").replace(/\?= =\?/g, "?==?").split(/\r?\n/).map((line) => /^([\w-]+): (.*)$/.exec(line));
  const headers = Object.fromEntries(fieldsOf.map(([, name, text]) => [name.toLowerCase(), words(text)]));
  const encoding = headers["content-transfer-encoding"];
  const text = encoding === "base64" ? Buffer.from(body, "base64").toString("utf8")
    : encoding === "quoted-printable" ? printable(body) : body;
  return { headers, text };
}
