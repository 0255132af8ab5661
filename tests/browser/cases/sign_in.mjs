// Coming and going.

import { assert, test } from "../harness.mjs";
import { at, flash, heading, say, state, summary } from "../console.mjs";

const WRONG = "dim-y-cyfrinair";
const person = (credentials, key) => credentials.people.find((one) => one.key === key);

async function offer(page, email, password, lang = "en", code = "") {
  await page.getByLabel(say(lang, "email")).fill(email);
  await page.getByLabel(say(lang, "password")).fill(password);
  await page.locator("#code").fill(code);
  await page.getByRole("button", { name: say(lang, "sign-in") }).click();
}

for (const lang of ["en", "cy"]) {
  test(`sign-in, ${lang}: a wrong password is told and the address kept; the right one leads to the page asked for`, async ({
    page, credentials, visit, codeOf, axe, shot,
  }) => {
    const who = person(credentials, "officer_eps");
    const { email, password, name } = who;
    const asked = at(lang, "/work?state=submitted");
    await visit(asked);
    assert.equal(new URL(page.url()).pathname, at(lang, "/sign-in"));
    await axe();

    await offer(page, email, WRONG, lang);
    assert.deepEqual(await summary(page).locator("a").allTextContents(), [say(lang, "sign-in-wrong")]);
    assert.ok(await summary(page).evaluate((it) => it === document.activeElement), "the summary has the focus");
    assert.ok((await page.title()).startsWith(say(lang, "error-prefix")));
    assert.equal(await page.getByLabel(say(lang, "email")).inputValue(), email);
    assert.equal(await page.getByLabel(say(lang, "password")).inputValue(), "");
    await axe();
    await shot(`sign-in-wrong-${lang}`);
    // The summary leads to the field.
    await summary(page).locator("a").click();
    assert.equal(await page.evaluate(() => document.activeElement.id), "email");

    // The right one asks for a code, and says so at its field; the demo's page says which.
    await offer(page, email, password, lang);
    assert.deepEqual(await summary(page).locator("a").allTextContents(), [say(lang, "code-missing")]);
    assert.match(await page.locator("#code-demo").textContent(), /\d{6}/);
    await axe();
    await shot(`sign-in-code-${lang}`);
    await offer(page, email, password, lang, await codeOf(who));
    await page.waitForURL(`**${asked}`);
    assert.equal(await heading(page).textContent(), say(lang, "work-title"));
    assert.ok((await page.locator(".dolen-header__tools").textContent()).includes(name));
  });
}

test("sign-in: nothing typed is told field by field", async ({ page, visit, axe }) => {
  await visit("/cy/sign-in");
  await page.getByRole("button", { name: say("cy", "sign-in") }).click();
  const said = [say("cy", "sign-in-email-missing"), say("cy", "sign-in-password-missing")];
  assert.deepEqual(await summary(page).locator("a").allTextContents(), said);
  for (const name of ["email", "password"]) {
    const field = page.locator(`#${name}`);
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    assert.equal(await field.getAttribute("aria-describedby"), `${name}-error`);
  }
  await axe();
});

test("sign-in leads to a page of the console and never to another site", async ({ page, credentials, visit, base, codeOf }) => {
  const { email, password, ...rest } = person(credentials, "analyst");
  await visit("/sign-in?next=https://evil.example/work");
  assert.equal(await page.locator("input[name=next]").inputValue(), "");
  await page.locator("input[name=next]").evaluate((input) => { input.value = "//evil.example/work"; });
  await offer(page, email, password, "en", await codeOf({ email, ...rest }));
  await page.waitForURL(`${base}/`);
  assert.equal(await heading(page).textContent(), say("en", "home-title"));
});

test("sign-out ends the session: neither the back button nor the old cookie shows anything", async ({
  page, another, visit, signIn, shot,
}) => {
  await signIn(page, "safeguarding_lead", { fresh: true });
  await visit("/surveys");
  const cookies = await page.context().cookies();
  const session = cookies.find(({ httpOnly, name }) => httpOnly && !name.includes("flash"));
  assert.equal(session.sameSite, "Lax");
  await page.getByRole("button", { name: say("en", "sign-out") }).click();
  await page.waitForURL("**/sign-in");
  assert.equal(await flash(page).textContent(), say("en", "done-signed-out"));
  await shot("signed-out-en");

  await page.goBack();
  await page.waitForURL("**/sign-in?next=*");
  assert.equal(await heading(page).textContent(), say("en", "sign-in"));
  assert.equal(await state(page).count(), 0);

  // Who kept the cookie is told that the session has ended.
  const thief = await another();
  await thief.context().addCookies([session]);
  await visit("/surveys", thief);
  assert.equal(new URL(thief.url()).pathname, "/sign-in");
  assert.equal(await flash(thief).textContent(), say("en", "sign-in-ended"));
  assert.equal((await thief.request.get("/v1/session")).status(), 401);
});

test("sign-in: after five failures the account is locked, in both languages, even for the right password", async ({
  page, credentials, visit, axe, shot,
}) => {
  const { email, password } = person(credentials, "auditor");
  await visit("/sign-in");
  for (let failure = 1; failure <= 5; failure += 1) {
    await offer(page, email, WRONG);
    assert.equal(await summary(page).locator("a").textContent(), say("en", "sign-in-wrong"), `failure ${failure}`);
  }
  const locked = { en: /locked after several failed attempts\. Try again in \d+ minutes?$/, cy: /wedi'i gloi .* ymhen \d+ f?munud$/ };
  for (const lang of ["en", "cy"]) {
    await visit(at(lang, "/sign-in"));
    await offer(page, email, password, lang);
    assert.match(await summary(page).locator("a").textContent(), locked[lang]);
    await axe();
    await shot(`sign-in-locked-${lang}`);
  }
  await visit("/work");
  assert.equal(new URL(page.url()).pathname, "/sign-in");
});
