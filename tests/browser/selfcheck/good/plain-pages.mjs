// The plain stylesheet, Dolen's own additions and its script, on one page with every component.
import { assert, test } from "../../harness.mjs";

for (const [language, path] of [["en", "/"], ["cy", "/cy/"]]) {
  for (const size of ["desktop", "tablet", "phone"]) {
    test(`the components are accessible: ${language}, ${size}`, { size, language }, async ({ page, visit, axe, shot }) => {
      await visit(path);
      await axe();
      // Reflow (1.4.10): nothing but a table that scrolls by itself is wider than the screen.
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wider <= 0, `the page is ${wider} px wider than the screen`);
      await shot(`plain-${language}-${size}`);
    });
  }
}

test("the components need no JavaScript", { javaScript: false }, async ({ page, visit, shot }) => {
  await visit("/");
  assert.equal(await page.locator("body").getAttribute("class"), "govuk-template__body");
  await page.locator("summary").click();
  assert.ok(await page.locator(".govuk-details__text").isVisible());
  await shot("plain-without-javascript");
});

test("every control has room for a finger", async ({ page, visit }) => {
  await visit("/");
  const controls = page.locator(":is(button, select, textarea, summary, .govuk-input, .govuk-radios__item, .govuk-checkboxes__item, li > a, .govuk-back-link):visible");
  for (const control of await controls.all()) {
    const box = await control.boundingBox();
    assert.ok(box.width >= 24 && box.height >= 24, `${await control.innerText()}: ${box.width} × ${box.height}`);
  }
});

test("where the keyboard is can be seen on every control", async ({ page, visit, shot }) => {
  await visit("/");
  await page.locator("body").evaluate(() => document.activeElement?.blur());
  const seen = new Set();
  for (let i = 0; i < 200; i += 1) {
    await page.keyboard.press("Tab");
    const state = await page.evaluate(() => {
      const element = document.activeElement;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      element.dataset.visited ??= String(document.querySelectorAll("[data-visited]").length);
      return { id: element.dataset.visited, name: element.outerHTML.slice(0, 80), body: element === document.body, outlineStyle, outlineWidth, boxShadow };
    });
    if (state.body || seen.has(state.id)) break;
    seen.add(state.id);
    const ring = state.outlineStyle !== "none" && Number.parseFloat(state.outlineWidth) >= 2;
    assert.ok(ring, `no ring around ${state.name}: ${state.outlineStyle} ${state.outlineWidth} ${state.boxShadow}`);
    if (seen.size === 1) await shot("plain-skip-link");
  }
  assert.ok(seen.size > 20, `only ${seen.size} controls were reached`);
});

test("the error summary is read first", async ({ page, visit }) => {
  await visit("/");
  assert.equal(await page.evaluate(() => document.activeElement.className), "govuk-error-summary");
  await page.locator(".govuk-error-summary__list a").first().click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "name");
});

test("the body knows of JavaScript", async ({ page, visit }) => {
  await visit("/");
  assert.ok((await page.locator("body").getAttribute("class")).includes("js-enabled"));
});

test("a form is sent once", async ({ page, visit }) => {
  await visit("/slow-form");
  const button = page.locator("button");
  await Promise.all([
    page.waitForURL("**/count"),
    button.evaluate((element) => { for (let i = 0; i < 3; i += 1) setTimeout(() => element.click(), 100 * i); }),
  ]);
  assert.equal(await page.locator("#posts").innerText(), "1");
  await page.goBack();
  await Promise.all([page.waitForURL("**/count"), page.locator("button").click()]);
  assert.equal(await page.locator("#posts").innerText(), "2");
});

test("a person can sign in", async ({ page, signIn, visit }) => {
  const person = await signIn(page, "officer");
  assert.equal(person.email, "swyddog@example.org");
  await visit("/home");
});

test("a refusal is a page like any other", async ({ page }) => {
  const response = await page.goto("/refused");
  assert.equal(response.status(), 422);
});

test("a fault can be expected", async ({ visit, expectFault }) => {
  await visit("/inline");
  const [fault] = await expectFault(/Content Security Policy/);
  assert.match(fault, /inline/);
});

test("a printed page has nothing to press", async ({ page, visit, shot }) => {
  await visit("/");
  await page.emulateMedia({ media: "print" });
  for (const selector of [".govuk-button", ".govuk-service-navigation", ".dolen-language", ".govuk-pagination"]) {
    assert.equal(await page.locator(selector).first().isVisible(), false, `${selector} is printed`);
  }
  assert.equal(await page.locator(".dolen-header__name").isVisible(), true);
  await shot("plain-print");
});

test("a mail can be read", async ({ mail }) => {
  assert.match(await mail("swyddog@example.org"), /^Subject: Prawf/);
});
