// A service and a school: a question, an answer, a reasoned no; and a referral that goes on elsewhere.

import { assert, test } from "../harness.mjs";
import { act, button, flash, get, heading, isNotFound, NEED, openReferral, say, state, summary, timeline, value } from "../console.mjs";

const QUESTION = "Beth sydd wedi newid?\nAc ers pryd?";
const ANSWER = "Mae'r cynllun wedi'i adolygu. <b>Dim</b> newid arall.";
const BEHAVIOUR = { school_number: "6992001", service: "bss", key_area: "behaviour", year_group: 5, pupil: { given_name: "Eirlys Prawf", family_name: "Ddychmygus", born_on: "2016-03-01" } };
/** What was written with the newest event that has words. */
const said = async (page) => (await page.locator("section:has(#timeline) .govuk-inset-text").first().innerText()).trim();

test("referral: the service asks, the school answers, the service declines, the school sees why", async ({
  page, another, visit, signIn, axe, shot,
}) => {
  const school = page;
  await signIn(school, "submitter_primary");
  const { id, reference } = await openReferral(school, undefined, BEHAVIOUR);
  const office = await another();
  await signIn(office, "officer_bss");
  await visit(`/referrals/${id}`, office);
  await button(office, say("en", "ask-link")).click();
  await office.getByLabel(say("en", "ask-label")).fill(QUESTION);
  await axe(office);
  await shot("ask-en", office);
  await button(office, say("en", "ask-button")).click();
  await office.waitForURL(`**/referrals/${id}`);
  assert.equal(await flash(office).textContent(), say("en", "done-asked"));
  assert.equal(await state(office).textContent(), "Information requested");

  await visit("/", school);
  await school.getByRole("link", { name: say("en", "waiting-questions") }).click();
  await school.getByRole("link", { name: reference }).click();
  assert.equal(await said(school), QUESTION);
  await button(school, say("en", "answer-link")).click();
  // Nothing written: told, with the focus on it, and nothing sent.
  await button(school, say("en", "answer-button")).click();
  assert.equal(await summary(school).locator("a").textContent(), say("en", "answer-missing"));
  await school.getByLabel(say("en", "answer-label")).fill(ANSWER);
  await button(school, say("en", "answer-button")).click();
  await school.waitForURL(`**/referrals/${id}`);
  assert.equal(await flash(school).textContent(), say("en", "done-answered"));
  assert.equal(await state(school).textContent(), "Submitted");
  assert.equal(await button(school, say("en", "answer-link")).count(), 0);

  await office.reload();
  assert.equal(await said(office), ANSWER);
  await button(office, say("en", "decline-link")).click();
  const note = office.getByLabel(say("en", "decline-note-label"));
  await note.fill("Cedwir y testun hwn.");
  await button(office, say("en", "decline-button")).click();
  await summary(office).waitFor();
  assert.deepEqual(await summary(office).locator("a").allTextContents(), [say("en", "decline-reason-missing")]);
  assert.ok(await summary(office).evaluate((it) => it === document.activeElement), "the summary has the focus");
  assert.equal(await note.inputValue(), "Cedwir y testun hwn.");
  await axe(office);
  await shot("decline-empty-en", office);
  await summary(office).locator("a").click();
  assert.equal(await office.evaluate(() => document.activeElement.name), "reason");
  // "Another reason" needs words.
  await office.getByLabel("Another reason").check();
  await note.fill("");
  await button(office, say("en", "decline-button")).click();
  await office.getByText(say("en", "decline-note-missing")).first().waitFor();
  assert.ok(await office.getByLabel("Another reason").isChecked());
  await office.getByLabel("Needs are met elsewhere").check();
  await note.fill("Mae cymorth eisoes ar waith.");
  await button(office, say("en", "decline-button")).click();
  await office.waitForURL(`**/referrals/${id}`);
  assert.equal(await state(office).textContent(), "Declined");

  await visit(`/cy/referrals/${id}`, school);
  assert.equal(await state(school).textContent(), "Gwrthodwyd");
  assert.equal(await value(school, say("cy", "reason")).textContent(), "Diwellir yr anghenion mewn man arall");
  assert.equal(await said(school), "Mae cymorth eisoes ar waith.");
  assert.equal((await timeline(school)).length, 4);
  assert.equal(await school.locator("section:has(#actions)").count(), 0);
  await shot("referral-declined-cy", school);
});

test("referral: text of more than 4,000 characters is told and kept", async ({ page, another, visit, signIn }) => {
  const school = await another();
  await signIn(school, "submitter_primary");
  const { id } = await openReferral(school, undefined, BEHAVIOUR);
  await signIn(page, "officer_bss");
  await visit(`/cy/referrals/${id}/ask`);
  const long = "ŵ".repeat(4001);
  await page.getByLabel(say("cy", "ask-label")).fill(long);
  await button(page, say("cy", "ask-button")).click();
  await summary(page).waitFor();
  assert.equal(await summary(page).locator("a").textContent(), say("cy", "text-too-long"));
  assert.equal(await page.getByLabel(say("cy", "ask-label")).inputValue(), long);
  // A page that no longer fits the record leads back to it.
  await act(page, id, "accept");
  await page.goto(`/cy/referrals/${id}/ask`);
  assert.equal(new URL(page.url()).pathname, `/cy/referrals/${id}`);
  assert.equal(await flash(page).textContent(), say("cy", "not-done-changed"));
});

test("referral: passed to another service it goes on there, with a reference of its own", async ({
  page, another, visit, signIn, axe, shot,
}) => {
  const school = await another();
  await signIn(school, "submitter");
  const { id, reference } = await openReferral(school, undefined, { key_area: undefined });
  await signIn(page, "officer");
  await visit(`/cy/referrals/${id}`);
  await button(page, say("cy", "redirect-link")).click();
  await button(page, say("cy", "redirect-button")).click();
  await summary(page).waitFor();
  assert.equal(await summary(page).locator("a").textContent(), say("cy", "redirect-service-missing"));
  // Its own service isn't offered.
  assert.deepEqual((await page.locator("input[name=service]").evaluateAll((all) => all.map((one) => one.value))).sort(), ["bss", "eps"]);
  await page.getByLabel("Gwasanaeth Seicoleg Addysg").check();
  await page.getByLabel(say("cy", "redirect-note-label")).fill("Gwell i chi ei weld.");
  await axe();
  await shot("redirect-cy");
  await button(page, say("cy", "redirect-button")).click();
  await page.waitForURL(`**/cy/referrals/${id}`);
  assert.equal(await flash(page).textContent(), say("cy", "done-redirected"));
  assert.equal(await state(page).textContent(), "Ailgyfeiriwyd");

  const { successor_id: next } = await get(school, `/v1/referrals/${id}`);
  await visit(`/referrals/${id}`, school);
  const link = value(school, say("en", "goes-on-as")).getByRole("link");
  const followed = await link.textContent();
  assert.notEqual(followed, reference);
  await link.click();
  await school.waitForURL(`**/referrals/${next}`);
  assert.equal(await state(school).textContent(), "Submitted");
  await shot("referral-successor-en", school);

  const other = await another();
  await signIn(other, "officer_eps");
  await visit("/work?state=submitted&mine=yes", other);
  await other.getByRole("link", { name: followed }).click();
  assert.equal(await heading(other).textContent(), say("en", "referral-title", { reference: followed }));
  assert.equal(await value(other, say("en", "need")).textContent(), NEED);
  assert.equal(await button(other, say("en", "accept")).count(), 1);
  // Each service sees its own part.
  await isNotFound(other, `/referrals/${id}`);
  await isNotFound(page, `/referrals/${next}`);
  await visit(`/cy/referrals/${id}`);
  assert.equal((await timeline(page))[0], say("cy", "event-redirected"));
});
