// Without a mouse: past the header, through a page, and to the end of a piece of work.

import { assert, test } from "../harness.mjs";
import { flash, openReferral, say, state, summary } from "../console.mjs";
import { scene } from "../scene.mjs";

/** What has the focus, and whether one sees that. */
const focused = (page) => page.evaluate(() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  const shows = (style) => (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  // The ring of a radio button or a checkbox is drawn beside it, on its label.
  const label = one.matches("input[type=radio], input[type=checkbox]") ? one.labels[0] : null;
  const box = one.getBoundingClientRect();
  return {
    name: (one.ariaLabel || one.textContent || one.name).trim().replace(/\s+/g, " "),
    visible: shows(getComputedStyle(one)) || (label !== null && shows(getComputedStyle(label, "::before"))),
    inView: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
});

/** Presses Tab until this has the focus. */
async function tabTo(page, name) {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    if ((await focused(page))?.name === name) return;
  }
  assert.fail(`Tab does not reach "${name}"`);
}

const WALKS = [
  ["sign-in", null, () => "/sign-in", 6],
  ["the work list", "dsp", () => "/work", 10],
  ["a referral", "officer", ({ fresh }) => fresh, 10],
  ["declining", "officer", ({ fresh }) => `${fresh}/decline`, 10],
  ["a WARRN record", "dsp", ({ warrn }) => warrn, 8],
  ["the progress of a survey", "analyst", ({ over }) => over, 10],
  ["mail", "administrator", () => "/mail", 10],
];

for (const [name, who, address, least] of WALKS) {
  test(`keyboard: every stop of ${name} can be seen, and the skip link comes first`, async (helpers) => {
    const { page, visit, signIn } = helpers;
    const path = address(await scene(helpers));
    if (who) await signIn(page, who);
    await visit(path);
    const stops = [];
    for (;;) {
      await page.keyboard.press("Tab");
      const stop = await focused(page);
      if (stop === null || stops.length > 300) break;
      assert.ok(stop.visible, `the focus on "${stop.name}" is not seen`);
      assert.ok(stop.inView, `"${stop.name}" has the focus and is out of sight`);
      stops.push(stop.name);
    }
    assert.ok(stops.length >= least, `only ${stops.length} stops: ${stops}`);
    assert.equal(stops[0], say("en", "skip"));
  });
}

test("keyboard: the skip link leads past the header", async ({ page, visit, signIn, shot }) => {
  await signIn(page, "officer");
  await visit("/cy/work");
  await page.keyboard.press("Tab");
  assert.equal((await focused(page)).name, say("cy", "skip"));
  await shot("skip-link-cy");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.activeElement.closest("main") !== null), "the next stop is in the content");
});

test("keyboard: a referral is declined without a mouse", async ({ page, visit, signIn, token }) => {
  const { id } = await openReferral(page, await token(["referrals:write"], "mis"));
  await signIn(page, "officer");
  await visit(`/referrals/${id}`);
  await tabTo(page, say("en", "decline-link"));
  // A link that looks like a button does what a button does.
  await page.keyboard.press("Space");
  await page.waitForURL("**/decline");
  await tabTo(page, say("en", "decline-button"));
  await page.keyboard.press("Enter");
  await summary(page).waitFor();
  // The summary has the focus; its link leads to the first choice, the arrows through them.
  await tabTo(page, say("en", "decline-reason-missing"));
  await page.keyboard.press("Enter");
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  assert.ok(await page.getByLabel("Not enough evidence").isChecked());
  await page.keyboard.press("Tab");
  await page.keyboard.type("Ysgrifennwch fwy am yr hyn a wnaed.");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/referrals/${id}`);
  assert.equal(await flash(page).textContent(), say("en", "done-declined"));
  assert.equal(await state(page).textContent(), "Declined");
});

test("a narrow screen: the menu opens, and a referral is accepted", { size: "phone", language: "cy" }, async ({
  page, visit, signIn, token, axe, shot,
}) => {
  const { id } = await openReferral(page, await token(["referrals:write"], "mis"));
  await signIn(page, "officer");
  await visit("/cy");
  const menu = page.getByRole("button", { name: say("cy", "menu") });
  const work = page.getByRole("link", { name: say("cy", "menu-work"), exact: true });
  await menu.waitFor();
  assert.ok(!(await work.isVisible()), "the menu is closed at first");
  await menu.click();
  await axe();
  await shot("phone-menu-cy");
  await work.click();
  await page.waitForURL("**/cy/work");
  await shot("phone-work-cy");
  await visit(`/cy/referrals/${id}`);
  await shot("phone-referral-cy");
  await page.getByRole("button", { name: say("cy", "accept"), exact: true }).click();
  await flash(page).waitFor();
  await axe();
  assert.equal(await flash(page).textContent(), say("cy", "done-accepted"));
});
