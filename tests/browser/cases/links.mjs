// The link in a mail: the way to its record, for who may see it.

import { assert, test } from "../harness.mjs";
import { decode, heading, isNotFound, openReferral, say, sendWarrn } from "../console.mjs";

/** The link of the message about this record to this person, once it has been written. */
async function link(captured, to, reference) {
  for (const end = Date.now() + 15_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 250))) {
    const messages = captured().map(decode).filter(({ headers, text }) => headers.to.includes(to) && text.includes(reference));
    if (messages.length > 0) return /^(https?:\S+)$/m.exec(messages[0].text)[1];
  }
  assert.fail(`no mail to ${to} about ${reference}`);
}

async function enter(page, person, codeOf, lang) {
  await page.getByLabel(say(lang, "email")).fill(person.email);
  await page.getByLabel(say(lang, "password")).fill(person.password);
  await page.locator("input[name=code]").fill(await codeOf(person));
  await page.getByRole("button", { name: say(lang, "sign-in") }).click();
}

test("mail link: leads over the sign-in page to the referral; somebody else finds none", async ({
  page, another, signIn, token, credentials, captured, codeOf,
}) => {
  const referral = await openReferral(page, await token(["referrals:write"], "mis"));
  const officer = credentials.people.find((one) => one.key === "officer");
  const address = await link(captured, officer.email, referral.reference);
  assert.equal(new URL(address).pathname, `/r/${referral.reference}`);

  await page.goto(address);
  assert.equal(await heading(page).textContent(), say("en", "sign-in"));
  assert.ok(!(await page.content()).includes(referral.id), "nothing about the record before signing in");
  await enter(page, officer, codeOf, "en");
  await page.waitForURL(`**/referrals/${referral.id}`);
  assert.equal(await heading(page).textContent(), say("en", "referral-title", referral));

  for (const who of ["officer_bss", "submitter_cy"]) {
    const stranger = await another();
    await signIn(stranger, who);
    await isNotFound(stranger, `/r/${referral.reference}`);
  }
  await isNotFound(page, "/r/DL-7K4Q-3M9X");
  await isNotFound(page, "/r/nonsense");
});

test("mail link: a Welsh browser is asked to sign in in Welsh, and a WARRN record opens for its recipient", { language: "cy" }, async ({
  page, signIn, another, token, credentials, captured, codeOf,
}) => {
  const { id, reference } = await sendWarrn(page, await token(["warrn:write"], "health"));
  const dsp = credentials.people.find((one) => one.key === "dsp");
  await page.goto(await link(captured, dsp.email, reference));
  assert.equal(await heading(page).textContent(), say("cy", "sign-in"));
  await enter(page, dsp, codeOf, "cy");
  await page.waitForURL(`**/cy/warrn/${id}`);
  assert.equal(await heading(page).textContent(), say("cy", "warrn-title", { reference }));

  const head = await another();
  await signIn(head, "headteacher");
  await isNotFound(head, `/r/${reference}`);
});
