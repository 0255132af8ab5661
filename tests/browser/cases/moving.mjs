// A child changes school while their record is open; and what was noted by mistake.

import { assert, test } from "../harness.mjs";
import { at, button, CHILDREN, flash, get, heading, isNotFound, openReferral, say, sendWarrn } from "../console.mjs";

const day = (offset) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

/** A unique pupil number of the invented authority, with its check letter (`facts/domain.md`, identifiers). */
function upn(serial) {
  const digits = `6994001${String(serial).padStart(5, "0")}`;
  const sum = [...digits].reduce((all, digit, place) => all + Number(digit) * (place + 2), 0);
  return "ABCDEFGHJKLMNPQRTUVWXYZ"[sum % 23] + digits;
}

test("Moving: the leads hear of it, and hand the record over; nobody at the new school before", async ({
  page, another, signIn, axe, shot, captured,
}) => {
  const born = { given_name: "Eirlys Prawf", family_name: "Ddychmygus", born_on: "2012-05-06", upn: upn(Date.now() % 100_000) };
  await signIn(page, "in_reach_worker");
  const { id, reference } = await sendWarrn(page, undefined, { pupil: born, received_on: day(0), expected_return_on: day(7) });
  // The captured mails of this record to somebody. They name nobody.
  const told = (to) => captured().map(({ raw }) => raw).filter((raw) => raw.includes(reference) && raw.includes(to));
  const arrives = async (to) => {
    for (const end = Date.now() + 10_000; told(to).length === 0; await new Promise((resolve) => setTimeout(resolve, 100))) {
      assert.ok(Date.now() < end, `no mail to ${to}`);
    }
    for (const raw of told(to)) assert.doesNotMatch(raw, CHILDREN);
  };
  const [old, lead, fresh, school] = [await another(), await another(), await another(), await another()];
  await signIn(old, "dsp");
  await signIn(fresh, "dsp_cy");
  await isNotFound(fresh, `/warrn/${id}`);

  // Another school opens a referral with the child's number.
  await signIn(school, "submitter_cy");
  await openReferral(school, undefined, { school_number: "6994002", pupil: born });

  await signIn(lead, "safeguarding_lead");
  await lead.goto("/");
  await axe(lead);
  await shot("moved-home-en", lead);
  await lead.goto("/work?warrn=moved");
  assert.ok((await lead.locator("main").textContent()).includes(reference));
  await arrives("safeguarding@la.example");
  assert.equal(told("ddd@bryn.example").length, 0, "nobody at the new school hears of it");
  await isNotFound(fresh, `/warrn/${id}`);
  // The old school goes on, and is told that the child has moved and not where to.
  await old.goto(at("cy", `/warrn/${id}`));
  assert.ok((await old.locator("main").textContent()).includes(reference));
  await shot("moved-old-school-cy", old);
  assert.doesNotMatch(await old.locator("main").textContent(), /Bryn/);

  await lead.goto(`/warrn/${id}/hand-over`);
  assert.match(await lead.locator("main").textContent(), /Bryn/);
  await axe(lead);
  await shot("hand-over-en", lead);
  await lead.locator("main form button").click();
  await lead.waitForURL("**/work");
  assert.equal(await flash(lead).textContent(), say("en", "done-handed-over"));
  await isNotFound(lead, `/warrn/${id}`);
  await isNotFound(old, `/warrn/${id}`);
  await arrives("ddd@bryn.example");
  await fresh.goto(at("cy", `/warrn/${id}`));
  assert.ok((await fresh.locator("main").textContent()).includes(reference));
  await axe(fresh);
  await shot("handed-over-cy", fresh);
});

test("Moving: a return noted by mistake is taken back", async ({ page, another, signIn, axe, shot }) => {
  await signIn(page, "in_reach_worker");
  const { id } = await sendWarrn(page, undefined, { received_on: day(0), expected_return_on: day(3) });
  const dsp = await another();
  await signIn(dsp, "dsp");
  await dsp.goto(`/warrn/${id}`);
  await button(dsp, say("en", "acknowledge")).click();
  await dsp.waitForURL(`**/warrn/${id}`);
  await dsp.goto(`/warrn/${id}/steps/return`);
  await dsp.locator("#attendance").check();
  await button(dsp, say("en", "save-step")).click();
  await dsp.waitForURL(`**/warrn/${id}`);
  await shot("returned-en", dsp);
  await dsp.getByRole("link", { name: say("en", "take-back-return"), exact: true }).click();
  await axe(dsp);
  await shot("take-back-en", dsp);
  // Without a reason nothing is taken back, and it is said where.
  await dsp.locator("form", { has: dsp.locator("#reason") }).getByRole("button").click();
  assert.ok((await dsp.locator(".govuk-error-summary").count()) === 1);
  await shot("take-back-wrong-en", dsp);
  await dsp.locator("#reason").fill("Y disgybl anghywir. (Dychmygol.)");
  await dsp.locator("form", { has: dsp.locator("#reason") }).getByRole("button").click();
  await dsp.waitForURL(`**/warrn/${id}`);
  assert.equal(await flash(dsp).textContent(), say("en", "done-return-taken-back"));
  const { steps } = await get(dsp, `/v1/warrn-records/${id}/steps`);
  const returns = steps.filter(({ step }) => step === "return");
  assert.equal(returns.length, 2);
  assert.equal(returns[1].done_at, undefined);
  // A pause of a return stops nothing, and says so.
  await dsp.goto(`/cases/${id}`);
  assert.ok((await dsp.locator("main").textContent()).includes(say("en", "waits-about")));
  await shot("case-waits-en", dsp);
});
