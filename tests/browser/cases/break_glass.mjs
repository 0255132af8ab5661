// Breaking the glass: one child's records for an hour, told at once, reviewed by somebody else.

import { assert, test } from "../harness.mjs";
import { at, button, decode, flash, heading, isNotFound, say, sendWarrn, summary } from "../console.mjs";

const REASON = "Mae'r plentyn mewn perygl nawr, a neb arall ar gael. (Dychmygol.)";

test("Break-glass: a lead opens a child's records, those who hold them are told, and somebody else reviews it", async ({
  page, another, signIn, token, credentials, captured, axe, shot,
}) => {
  const { id, reference } = await sendWarrn(page, await token(["warrn:write"], "health"));
  const lead = page;
  await signIn(lead, "team_lead");
  await isNotFound(lead, `/warrn/${id}`);

  // The form warns, and says what is wrong without losing what was typed.
  await lead.goto("/emergencies/new");
  await axe(lead);
  await shot("emergency-new-en", lead);
  await lead.locator("#reference").fill(reference);
  await lead.locator("#reason").fill("Brys");
  await button(lead, say("en", "emergency-button")).click();
  assert.deepEqual(await summary(lead).locator("a").allTextContents(), [say("en", "emergency-reason-short")]);
  assert.equal(await lead.locator("#reference").inputValue(), reference);
  await isNotFound(lead, `/warrn/${id}`);
  await lead.goto("/emergencies/new");
  await lead.locator("#reference").fill(reference);
  await lead.locator("#reason").fill(REASON);
  await button(lead, say("en", "emergency-button")).click();
  await lead.waitForURL("**/emergencies/*");
  assert.equal(await flash(lead).textContent(), say("en", "done-glass-broken"));
  await axe(lead);
  await shot("emergency-en", lead);
  const access = new URL(lead.url()).pathname;
  const name = (await heading(lead).textContent()).match(/DL-[0-9A-Z-]{9}/)[0];

  // The record is open to them, and to nobody else because of it.
  await lead.getByRole("link", { name: reference, exact: true }).click();
  await lead.waitForURL(`**/warrn/${id}`);
  assert.ok((await lead.locator("main").textContent()).includes(reference));
  const head = await another();
  await signIn(head, "headteacher");
  for (const path of [`/warrn/${id}`, access]) await isNotFound(head, path);

  // Who broke it reviews nothing; those who hold the record and the safeguarding lead have been told, without a word of it.
  assert.equal(await lead.goto(access).then(() => lead.locator("#review").count()), 0);
  const told = (who) => {
    const { email } = credentials.people.find((one) => one.key === who);
    return captured().map(decode).some(({ headers, text }) => headers.to.includes(email) && text.includes(name) && !text.includes("perygl"));
  };
  for (const who of ["dsp", "safeguarding_lead"]) {
    for (const end = Date.now() + 20_000; !told(who) && Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 250)));
    assert.ok(told(who), `${who} was not told`);
  }

  const reviewer = await another();
  await signIn(reviewer, "safeguarding_lead");
  await reviewer.goto(at("cy", "/emergencies"));
  await reviewer.getByRole("link", { name, exact: true }).click();
  assert.ok((await reviewer.locator("main").textContent()).includes(REASON));
  await axe(reviewer);
  await shot("emergency-review-cy", reviewer);
  await reviewer.locator("input[name=outcome]").first().check();
  await reviewer.locator("#note").fill("Roedd hyn yn iawn. (Dychmygol.)");
  await button(reviewer, say("cy", "emergency-review-button")).click();
  assert.equal(await flash(reviewer).textContent(), say("cy", "done-reviewed"));

  // Who has seen the record says so, and why.
  await reviewer.goto("/emergencies");
  assert.equal(await reviewer.getByRole("link", { name, exact: true }).count(), 0, "nothing waits any more");
  const dsp = await another();
  await signIn(dsp, "dsp");
  await dsp.goto(`/warrn/${id}/readers`);
  assert.ok(await dsp.locator("table .dolen-state--overdue").count() > 0, "the readings of the emergency stand out");
  await axe(dsp);
  await shot("readers-en", dsp);
});
