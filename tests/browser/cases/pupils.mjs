// The survey as pupils meet it: a code from the class's sheet, one question a page, thanks.

import { assert, test } from "../harness.mjs";
import { TEXTS, at, button, campaign, get, heading, say, send, summary } from "../console.mjs";

const OWN = "6994001";

/** A fresh sheet of codes for a class of year 8, and how many answers the school has. */
async function sheet(page, signIn, size) {
  await signIn(page, "submitter");
  const path = `/v1/survey-campaigns/${await campaign(page, "open")}/schools/${OWN}/code-sheets`;
  const printed = await send(page, path, { year_group: 8, class: "8 Glas", size });
  const left = async () => (await get(page, path)).items.find((one) => one.id === printed.sheet.id).unspent;
  return { codes: printed.codes, left };
}

/** Answers every question with its first choice, or skips it; gives how many there were. */
async function answer(page, lang, press) {
  for (let n = 1; n < 60; n += 1) {
    await page.locator("input[name=choice]").first().check();
    await button(page, say(lang, press)).click();
    if ((await button(page, say(lang, "pupil-send")).count()) > 0) return n;
  }
  assert.fail("there is no last question");
}

for (const lang of ["en", "cy"]) {
  test(`pupils (${lang}): a child answers on a tablet without JavaScript, goes back, and is thanked`, { javaScript: false, size: "tablet", language: lang }, async ({
    page, visit, signIn, shot, another,
  }) => {
    const { codes, left } = await sheet(await another(), signIn, 2);
    await visit(at(lang, "/survey"));
    await page.getByRole("textbox").fill("cat dog 12");
    await button(page, say(lang, "pupil-begin")).click();
    assert.ok((await summary(page).innerText()).includes(say(lang, "pupil-code-unknown")));
    await shot(`pupil-code-${lang}`);
    await page.getByRole("textbox").fill(codes[0][lang].toUpperCase());
    await button(page, say(lang, "pupil-begin")).click();
    await shot(`pupil-about-${lang}`);
    await button(page, say(lang, "pupil-start")).click();
    const first = await heading(page).innerText();
    await button(page, say(lang, "pupil-next")).click();
    assert.ok((await summary(page).innerText()).includes(say(lang, "pupil-choose-or-skip")));
    await page.locator("input[name=choice]").nth(1).check();
    await button(page, say(lang, "pupil-next")).click();
    assert.ok(!(await page.locator("[data-read-aloud]").isVisible()), "nothing offers to read aloud where nothing can");
    await shot(`pupil-question-${lang}`);
    await button(page, say(lang, "pupil-back")).click();
    assert.equal(await heading(page).innerText(), first);
    assert.ok(await page.locator("input[name=choice]").nth(1).isChecked(), "what was answered is there");
    // The other language, and back, with the answer.
    const other = lang === "en" ? "cy" : "en";
    await button(page, other === "cy" ? "Cymraeg" : "English").click();
    assert.equal(await page.locator("html").getAttribute("lang"), other);
    assert.ok(await page.locator("input[name=choice]").nth(1).isChecked());
    await button(page, other === "cy" ? "English" : "Cymraeg").click();
    const asked = await answer(page, lang, "pupil-next");
    assert.ok(asked > 10, `${asked} questions`);
    assert.equal(await left(), 2, "nothing is taken before it is sent");
    await shot(`pupil-end-${lang}`);
    await button(page, say(lang, "pupil-send")).click();
    assert.equal(await heading(page).innerText(), say(lang, "pupil-thanks"));
    assert.equal(await left(), 1);
    await shot(`pupil-thanks-${lang}`);
    assert.deepEqual(await page.context().cookies(), [], "the browser keeps nothing");
    // The next pupil finds an empty page, and the code is no good to them.
    await page.getByRole("button", { name: say(lang, "pupil-next-pupil") }).click();
    assert.equal(await page.getByRole("textbox").inputValue(), "");
    await page.getByRole("textbox").fill(codes[0].en);
    await button(page, say(lang, "pupil-begin")).click();
    assert.ok((await summary(page).innerText()).includes(say(lang, "pupil-code-spent")));
  });
}

test("pupils: every page is readable by everybody, at phone size too", { size: "phone" }, async ({ page, visit, signIn, axe, another }) => {
  const { codes } = await sheet(await another(), signIn, 1);
  await visit(`/survey?code=${codes[0].en.replaceAll(" ", "-")}`);
  await axe();
  await button(page, say("en", "pupil-begin")).click();
  await axe();
  await button(page, say("en", "pupil-start")).click();
  await button(page, say("en", "pupil-next")).click();
  await axe();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  assert.ok(!wide, "nothing scrolls sideways");
  await answer(page, "en", "pupil-skip");
  await axe();
  await button(page, say("en", "pupil-send")).click();
  await axe();
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0);
  assert.ok(Object.keys(TEXTS.en).filter((key) => key.startsWith("pupil-")).length > 30);
});

for (const lang of ["en", "cy"]) {
  test(`pupils (${lang}): what goes wrong is said on a page of theirs, which leads back to the code and away`, { size: "phone", language: lang }, async ({
    page, visit, axe, shot,
  }) => {
    await visit(at(lang, "/survey?code=cat&code=dog"), page, 400);
    assert.equal(await heading(page).innerText(), say(lang, "pupil-wrong"));
    assert.ok(await page.getByRole("link", { name: say(lang, "pupil-exit") }).isVisible());
    assert.equal(await page.locator("a[href='/'], a[href='/cy'], a[href*=sign-in]").count(), 0, "nothing leads to staff's pages");
    await axe();
    await shot(`pupil-wrong-${lang}`);
    await page.getByRole("button", { name: say(lang, "pupil-wrong-back") }).click();
    assert.equal(await page.getByRole("textbox").inputValue(), "");
    assert.equal(await page.locator("html").getAttribute("lang"), lang);
  });
}

for (const javaScript of [true, false]) {
  test(`pupils: the exit leads away${javaScript ? ", and Back not to the page that was left" : " without JavaScript too"}`, { javaScript }, async ({
    page, visit,
  }) => {
    // What the exit leads to lies outside of the tests.
    await page.context().route(/bbc\.co\.uk/u, (route) => route.fulfill({ contentType: "text/html", body: "<h1>Weather</h1>" }));
    await visit("/survey");
    await page.getByRole("textbox").fill("cat dog 12");
    await button(page, say("en", "pupil-begin")).click();
    assert.ok((await summary(page).count()) > 0);
    const before = await page.evaluate(() => history.length);
    await page.getByRole("link", { name: say("en", "pupil-exit") }).click();
    await page.waitForURL(/bbc\.co\.uk/u);
    assert.equal(await page.evaluate(() => history.length), javaScript ? before : before + 1);
  });
}

test("pupils: a school prints a sheet, each code in both languages and as a QR code, and replaces a lost one", async ({
  page, visit, signIn, axe, shot,
}) => {
  await signIn(page, "submitter");
  await visit(`/surveys/${await campaign(page, "open")}`);
  await page.getByRole("link", { name: new RegExp(`^${say("en", "sheets-title")}`) }).first().click();
  await axe();
  await page.getByLabel(say("en", "sheet-year"), { exact: true }).fill("8");
  await page.getByLabel(say("en", "sheet-class"), { exact: true }).fill("");
  await button(page, say("en", "sheet-make")).click();
  assert.ok((await summary(page).innerText()).includes(say("en", "sheet-class-missing")));
  await axe();
  await page.getByLabel(say("en", "sheet-class"), { exact: true }).fill("8 Coch");
  await page.getByLabel(say("en", "sheet-size"), { exact: true }).fill("12");
  await shot("sheets-en");
  await button(page, say("en", "sheet-make")).click();
  assert.equal(await heading(page).innerText(), say("en", "sheet-title", { class: "8 Coch" }));
  assert.equal(await page.locator(".dolen-codes__one svg path").count(), 12);
  assert.match(await page.locator(".dolen-codes__words[lang=cy]").first().innerText(), /^\S+ \S+ \S+ \d{4}$/u);
  await axe();
  await shot("sheet-en");
  await visit(`/surveys/${await campaign(page, "open")}/schools/${OWN}/codes`);
  await page.locator("tr", { hasText: "8 Coch" }).getByRole("button").first().click();
  assert.equal(await page.locator(".dolen-codes__one").count(), 12, "nobody had answered");
  await visit(`/surveys/${await campaign(page, "open")}/schools/${OWN}/codes`);
  const states = await page.locator("tr", { hasText: "8 Coch" }).allInnerTexts();
  assert.ok(states.some((text) => text.includes("Called back on")) && states.length >= 2, states.join("|"));
});
