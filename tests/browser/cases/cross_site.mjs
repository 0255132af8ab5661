// A form that the page of this session did not make changes nothing.

import { createServer } from "node:http";

import { assert, test } from "../harness.mjs";
import { fields, flash, get, heading, openReferral, say, sendWarrn, state } from "../console.mjs";

const FORGED = "Nothing was done and nothing was kept.";

test("cross-site: without the page's token, or with another's, nothing changes", async ({
  page, another, visit, signIn, token, axe, shot,
}) => {
  const referral = await openReferral(page, await token(["referrals:write"], "mis"));
  const other = await another();
  await signIn(other, "team_lead");
  await visit(`/referrals/${referral.id}`, other);
  const foreign = await fields(other, `form[action$="/accept"]`);
  await signIn(page, "officer");
  await visit(`/referrals/${referral.id}`);
  const good = await fields(page, `form[action$="/accept"]`);
  assert.notEqual(good.csrf, foreign.csrf);
  const { csrf: _, ...none } = good;
  for (const form of [none, { ...good, csrf: "" }, { ...good, csrf: foreign.csrf }, { ...good, csrf: `${good.csrf}0` }]) {
    for (const step of ["accept", "decline", "ask", "redirect"]) {
      const answer = await page.request.post(`/referrals/${referral.id}/${step}`, {
        form: { ...form, reason: "other", note: "x", question: "x", service: "eps" }, headers: { accept: "text/html" },
      });
      assert.equal(answer.status(), 403, step);
      assert.ok((await answer.text()).includes(FORGED));
    }
  }
  assert.equal((await page.request.post("/sign-out", { form: none })).status(), 403);
  const now = await get(page, `/v1/referrals/${referral.id}`);
  assert.deepEqual([now.state, now.updated_at], ["submitted", referral.updated_at]);

  // In the browser, and as a page.
  await page.locator(`form[action$="/accept"] input[name=csrf]`).evaluate((input) => { input.value = "x"; });
  await page.getByRole("button", { name: say("en", "accept"), exact: true }).click();
  await page.getByText(FORGED).waitFor();
  await axe();
  await shot("forged-en");
  await visit(`/referrals/${referral.id}`);
  assert.equal((await get(page, `/v1/referrals/${referral.id}/events`)).items.length, 1);
});

test("cross-site: a WARRN record is not acknowledged by a forged form", async ({ page, visit, signIn, token }) => {
  const { id } = await sendWarrn(page, await token(["warrn:write"], "health"));
  await signIn(page, "dsp");
  await visit(`/warrn/${id}`);
  const { csrf: _, ...form } = await fields(page, `form[action$="/acknowledge"]`);
  assert.equal((await page.request.post(`/warrn/${id}/acknowledge`, { form })).status(), 403);
  const { recipients } = await get(page, `/v1/warrn-records/${id}`);
  assert.ok(recipients.every((one) => one.acknowledged_at === undefined));
});

test("cross-site: a page of another site can neither act nor sign anyone in", async ({
  page, base, signIn, token, credentials, axe,
}) => {
  const referral = await openReferral(page, await token(["referrals:write"], "mis"));
  await signIn(page, "officer");
  await page.goto(`/referrals/${referral.id}`);
  // The worst case: the other site knows every field.
  const known = await fields(page, `form[action$="/accept"]`);
  const { email, password } = credentials.people.find((one) => one.key === "analyst");
  const inputs = (values) => Object.entries(values).map(([name, value]) => `<input name="${name}" value="${value}">`).join("");
  const html = `<!doctype html><html lang="en"><title>x</title><link rel="icon" href="data:,">` +
    `<form id="accept" method="post" action="${base}/referrals/${referral.id}/accept">${inputs(known)}<button>a</button></form>` +
    `<form id="enter" method="post" action="${base}/sign-in">${inputs({ email, password, next: "" })}<button>b</button></form>`;
  const evil = createServer((_, response) => response.setHeader("content-type", "text/html").end(html));
  await new Promise((resolve) => evil.listen(0, "127.0.0.1", resolve));
  try {
    // Another name is another site, though it is the same machine.
    const elsewhere = `http://localhost:${evil.address().port}/`;
    await page.goto(elsewhere);
    await page.locator("#accept button").click();
    await page.waitForURL(`${base}/**`);
    // The session's cookie doesn't go along, so that this leads over the sign-in page to the record as it is.
    assert.equal(await heading(page).textContent(), say("en", "referral-title", referral));
    assert.equal(await state(page).textContent(), "Submitted");
    assert.equal(await flash(page).count(), 0);
    await page.goto(elsewhere);
    await page.locator("#enter button").click();
    await page.waitForURL(`${base}/**`);
    assert.ok((await page.locator("main").textContent()).includes(FORGED));
    await axe();
    await page.goto(base);
    assert.ok((await page.locator("header").textContent()).includes("School-based Counsellor"), "still the same person");
  } finally {
    evil.close();
  }
  assert.equal((await get(page, `/v1/referrals/${referral.id}`)).state, "submitted");
});
