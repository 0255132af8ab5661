// Each of these must fail, and for the reason behind the arrow: the self-check looks for it in what the runner says.
import { assert, test } from "../../harness.mjs";

test("an inline script → Content Security Policy", ({ visit }) => visit("/inline"));
test("an inline style → Content Security Policy", ({ visit }) => visit("/style"));
test("an inline style without JavaScript → Content Security Policy", { javaScript: false }, ({ visit }) => visit("/style"));
test("a script that throws → a script went wrong", ({ visit }) => visit("/throws"));
test("a picture that isn't there → /assets/none.png", ({ visit }) => visit("/missing"));
test("a field without a label → Form elements must have labels", async ({ visit, axe }) => {
  await visit("/unlabelled");
  await axe();
});
test("axe without JavaScript → axe needs JavaScript", { javaScript: false }, async ({ visit, axe }) => {
  await visit("/home");
  await axe();
});
test("a broken answer → 500 from", ({ page }) => page.goto("/broken"));
test("a page that isn't there → /nowhere answered 404", ({ visit }) => visit("/nowhere"));
test("an assertion → 'neb'", async ({ visit, page }) => {
  await visit("/home");
  assert.equal(await page.locator("#who").innerText(), "neb");
});
test("an element that never comes → Timeout 300ms exceeded", async ({ visit, page }) => {
  await visit("/home");
  await page.locator("#never").click({ timeout: 300 });
});
test("a wrong password → neb@example.org is still asked", ({ page, signIn }) => signIn(page, "stranger"));
test("a role nobody has → nobody has the role emperor", ({ page, signIn }) => signIn(page, "emperor"));
test("a mail that doesn't come → no mail to neb@example.org", ({ mail }) => mail("neb@example.org", 300));
test("a fault that was expected and didn't come → no fault like", async ({ visit, expectFault }) => {
  await visit("/home");
  await expectFault(/Content Security Policy/);
});
