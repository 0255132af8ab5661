// One's own account: another app, recovery codes, step-up, sessions; and an invitation from its mail to a role in force.

import { assert, codeAt, test } from "../harness.mjs";
import { at, button, flash, heading, say, summary } from "../console.mjs";

const now = () => Math.floor(Date.now() / 30_000);

for (const lang of ["en", "cy"]) {
  test(`account, ${lang}: sessions, language and factor are there for everybody, and pass axe`, async ({ page, visit, signIn, axe, shot }) => {
    await signIn(page, "officer");
    await visit(at(lang, "/account"));
    assert.equal(await heading(page).textContent(), say(lang, "account-title"));
    await axe();
    await shot(`account-${lang}`);
    await visit(at(lang, "/account/password"));
    await axe();
    await visit(at(lang, "/step-up?then=/work"));
    await axe();
    await shot(`step-up-${lang}`);
  });
}

test("step-up: the page the demo shows leads on, to a page of ours and nowhere else", async ({ page, visit, signIn, codeOf, base }) => {
  const who = await signIn(page, "analyst", { fresh: true });
  await visit("/step-up?then=//evil.example/work");
  assert.equal(await page.locator("input[name=then]").inputValue(), "");
  await visit("/step-up?then=/surveys");
  await page.locator("#code").fill("000000");
  await button(page, say("en", "go-on")).click();
  assert.deepEqual(await summary(page).locator("a").allTextContents(), [say("en", "code-wrong")]);
  assert.match(await page.locator("#code-demo").textContent(), /\d{6}/);
  await page.locator("#code").fill(await codeOf(who));
  await button(page, say("en", "go-on")).click();
  await page.waitForURL(`${base}/surveys`);
});

test("an administrator invites somebody, who chooses a password, adds an app, and is confirmed", async ({
  page, another, visit, signIn, captured, axe, shot, base,
}) => {
  const email = `wahoddwyd-${Date.now()}@la.example`;
  await signIn(page, "administrator");
  await visit("/people");
  await axe();
  await page.locator("#email").fill(email);
  await page.locator("#name").fill("Dadansoddwr Newydd");
  await page.locator("#role").selectOption("analyst");
  await button(page, say("en", "invite-button")).click();
  await page.waitForURL("**/people");
  assert.equal(await flash(page).textContent(), say("en", "done-invited"));
  await shot("people-en");

  let mail;
  for (let tries = 0; tries < 100 && !mail; tries += 1) {
    mail = captured().find(({ raw }) => raw.includes(email));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  // Quoted-printable breaks long lines.
  const link = /\/invitation\/[\w.-]+/.exec(mail.raw.replace(/=\r?\n/g, ""))[0];
  const guest = await another();
  await visit(link, guest);
  await axe(guest);
  await shot("invitation-en", guest);
  await guest.locator("#password").fill("cyfrinair y gwestai");
  await button(guest, say("en", "invitation-accept")).click();
  await guest.waitForURL("**/account/second-factor");
  await visit("/surveys", guest);
  assert.equal(new URL(guest.url()).pathname, "/account/second-factor", "nothing else before that");
  await axe(guest);
  await button(guest, say("en", "factor-begin")).click();
  await guest.waitForURL("**/account/second-factor");
  const secret = (await guest.locator(".dolen-secret").textContent()).replace(/\s/g, "");
  assert.equal(await guest.locator("svg[role=img] path").count(), 1);
  await axe(guest);
  await shot("second-factor-en", guest);
  await guest.locator("#code").fill("000000");
  await button(guest, say("en", "factor-confirm")).click();
  assert.deepEqual(await summary(guest).locator("a").allTextContents(), [say("en", "code-wrong")]);
  await guest.locator("#code").fill(codeAt(secret, now()));
  await button(guest, say("en", "factor-confirm")).click();
  assert.equal(await guest.locator("#recovery-codes li").count(), 10);
  await axe(guest);
  await shot("recovery-codes-en", guest);

  await visit("/people");
  const row = page.locator("tr", { hasText: email });
  await row.getByRole("button", { name: say("en", "role-confirm") }).click();
  await page.waitForURL("**/people");
  assert.equal(await flash(page).textContent(), say("en", "done-role-confirmed"));
  await visit("/surveys", guest);
  assert.equal(new URL(guest.url()).href, `${base}/surveys`);
});
