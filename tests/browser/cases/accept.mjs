// A new referral: seen, understood, accepted; and what a second hand is told.

import { assert, test } from "../harness.mjs";
import { button, CHILD, fields, flash, get, heading, NEED, openReferral, say, state, timeline, value } from "../console.mjs";

const opened = async (page, token, changes) => openReferral(page, await token(["referrals:write"], "mis"), changes);

test("referral: the counsellor finds it in the work list, sees why it came here and what it says, and accepts it", async ({
  page, visit, signIn, token, axe, shot,
}) => {
  const referral = await opened(page, token);
  await signIn(page, "officer");
  const waiting = page.getByRole("link", { name: say("en", "waiting-to-you") });
  const before = Number(await value(page, say("en", "waiting-to-you")).first().textContent());
  assert.ok(before >= 1);
  await waiting.click();
  assert.equal(new URL(page.url()).search, "?state=submitted&mine=yes");
  const row = page.locator("tr", { hasText: referral.reference });
  assert.match(await row.textContent(), /Example Valley Comprehensive School.*School-based Counselling Service.*Submitted/s);
  await shot("work-filtered-en");
  await row.getByRole("link").click();

  assert.equal(await heading(page).textContent(), say("en", "referral-title", referral));
  assert.equal(await state(page).textContent(), "Submitted");
  const reasons = await page.locator("section:has(#routing) li").allTextContents();
  assert.deepEqual(reasons, referral.routing.map((step) => step.text.en));
  assert.equal(await value(page, say("en", "pupil")).textContent(), `${CHILD.given_name} ${CHILD.family_name}`);
  assert.equal(await value(page, say("en", "need")).textContent(), NEED);
  assert.match(await value(page, say("en", "consent")).textContent(), /^From a parent, 1 September 2025$/);
  // The button of a form and the links that look like buttons stand in one line.
  const tops = await page.locator(".govuk-button-group .govuk-button").evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().top)));
  assert.deepEqual(tops, Array(4).fill(tops[0]));
  await axe();

  await button(page, say("en", "accept")).click();
  // POST, redirect, GET: reloading sends nothing again.
  await page.waitForURL(`**/referrals/${referral.id}`);
  assert.equal(await flash(page).textContent(), say("en", "done-accepted"));
  assert.equal(await state(page).textContent(), "Accepted");
  assert.equal(await button(page, say("en", "accept")).count(), 0);
  await axe();
  await shot("referral-accepted-en");
  await page.reload();
  assert.equal(await flash(page).count(), 0, "the message is shown once");
  assert.deepEqual(await timeline(page), [say("en", "event-accepted"), say("en", "event-opened")]);

  await visit("/");
  assert.equal(Number(await value(page, say("en", "waiting-to-you")).first().textContent()), before - 1);
});

test("referral: a second tab with the older version is told so, and nothing is done", async ({
  page, newPage, visit, signIn, token, axe, shot,
}) => {
  const { id } = await opened(page, token);
  await signIn(page, "officer");
  await visit(`/referrals/${id}`);
  const late = await newPage();
  await visit(`/referrals/${id}`, late);
  const form = await newPage();
  await visit(`/referrals/${id}/decline`, form);
  await button(page, say("en", "accept")).click();
  await page.waitForURL(`**/referrals/${id}`);

  await button(late, say("en", "accept")).click();
  await late.waitForLoadState();
  assert.equal(await flash(late).textContent(), say("en", "not-done-changed"));
  assert.equal(await late.locator(".govuk-notification-banner--success").count(), 0);
  assert.equal(await state(late).textContent(), "Accepted");
  await axe(late);
  await shot("referral-changed-en", late);

  await form.getByLabel("Needs are met elsewhere").check();
  await button(form, say("en", "decline-button")).click();
  await form.waitForURL(`**/referrals/${id}`);
  assert.equal(await flash(form).textContent(), say("en", "not-done-changed"));
  assert.deepEqual(await timeline(form), [say("en", "event-accepted"), say("en", "event-opened")]);
});

test("referral: the same form sent twice is done once", async ({ page, visit, signIn, token }) => {
  const { id } = await opened(page, token);
  await signIn(page, "officer");
  await visit(`/referrals/${id}`);
  const form = await fields(page, `form[action$="/accept"]`);
  const post = () => page.request.post(`/referrals/${id}/accept`, { form, maxRedirects: 0 });
  const answers = await Promise.all([post(), post(), post()]);
  for (const answer of answers) {
    assert.equal(answer.status(), 303);
    assert.equal(answer.headers().location, `/referrals/${id}`);
  }
  // Sent a minute later, it still says what was done and not that somebody else was quicker.
  const flashes = [...answers, await post()].map((answer) => /dolen-flash=(\w+)/.exec(answer.headers()["set-cookie"])[1]);
  assert.deepEqual(new Set(flashes), new Set(["accepted"]));
  const { items } = await get(page, `/v1/referrals/${id}/events`);
  assert.deepEqual(items.map((event) => event.kind), ["opened", "accepted"]);
});

test("referral: a double click accepts it once", async ({ page, visit, signIn, token }) => {
  const { id } = await opened(page, token);
  await signIn(page, "officer");
  await visit(`/referrals/${id}`);
  const sent = [];
  page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
  await button(page, say("en", "accept")).dblclick();
  await flash(page).waitFor();
  assert.equal(sent.length, 1);
  assert.equal(await flash(page).textContent(), say("en", "done-accepted"));
  assert.deepEqual(await timeline(page), [say("en", "event-accepted"), say("en", "event-opened")]);
});

test("referral: without JavaScript it is found and accepted just the same", { javaScript: false, language: "cy" }, async ({
  page, visit, signIn, token, shot,
}) => {
  const referral = await opened(page, token);
  await signIn(page, "officer", { fresh: true });
  await visit("/cy/work?state=submitted");
  await page.getByRole("link", { name: referral.reference }).click();
  assert.equal(await value(page, say("cy", "need")).textContent(), NEED);
  await button(page, say("cy", "accept")).click();
  await page.waitForURL(`**/cy/referrals/${referral.id}`);
  assert.equal(await flash(page).textContent(), say("cy", "done-accepted"));
  assert.equal(await state(page).textContent(), "Derbyniwyd");
  await shot("referral-accepted-without-script-cy");
  // The double click too: the server's own guard, with no script to help it.
  const second = await opened(page, token);
  await visit(`/cy/referrals/${second.id}`);
  await button(page, say("cy", "accept")).dblclick();
  await flash(page).waitFor();
  assert.equal(await flash(page).textContent(), say("cy", "done-accepted"));
  assert.deepEqual(await timeline(page), [say("cy", "event-accepted"), say("cy", "event-opened")]);
});

test("referral: what a school wrote is shown as text, never as a page", async ({ page, visit, signIn, token }) => {
  const need = `<img src=x onerror="alert(1)"><script>alert(2)</script> & "dyfyniad"\nail linell`;
  const { id } = await opened(page, token, { need });
  await signIn(page, "officer");
  page.on("dialog", () => assert.fail("a script ran"));
  await visit(`/referrals/${id}`);
  assert.equal((await value(page, say("en", "need")).innerText()).trim(), need);
  assert.equal(await page.locator("main img, main script").count(), 0);
});

test("referral: who is not concerned finds no page; who follows without need to know sees no content", async ({
  page, another, visit, signIn, token, axe,
}) => {
  const { id } = await opened(page, token);
  await signIn(page, "headteacher");
  await visit(`/referrals/${id}`);
  assert.equal(await state(page).textContent(), "Submitted");
  const content = page.locator("section:has(#content)");
  assert.ok((await content.textContent()).includes(say("en", "content-not-shown")));
  assert.ok(!(await page.content()).includes(CHILD.family_name));
  assert.equal(await page.locator("section:has(#actions)").count(), 0);
  await axe();
  for (const who of ["submitter_cy", "officer_bss", "administrator", "dsp_cy"]) {
    const stranger = await another();
    await signIn(stranger, who);
    const response = await stranger.goto(`/referrals/${id}`);
    assert.equal(response.status(), 404, who);
    assert.equal(await heading(stranger).textContent(), say("en", "problem-not-found"));
  }
});
