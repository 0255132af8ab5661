// The return to school, from the in-reach worker's record to its closing, by the people who take each step.

import { assert, test } from "../harness.mjs";
import { at, button, CHILDREN, flash, get, heading, isNotFound, say, sendWarrn, summary, typedRecord, value } from "../console.mjs";

const day = (offset) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

/** The step's own name, as the pages show it. */
const STEPS = {
  risk_assessment: { en: "School risk assessment", cy: "Asesiad risg yr ysgol" },
  return_meeting: { en: "Return meeting", cy: "Cyfarfod dychwelyd" },
  return_plan: { en: "Return plan", cy: "Cynllun dychwelyd" },
  return: { en: "Return to school", cy: "Dychwelyd i'r ysgol" },
  review: { en: "Review", cy: "Adolygiad" },
  close: { en: "Closing the record", cy: "Cau'r cofnod" },
};

/** Opens the form of a step from the record's page, fills it and sends it. */
async function take(page, id, step, fill, look) {
  await page.goto(at("en", `/warrn/${id}`));
  await page.locator("section:has(#steps) ul").getByRole("link", { name: STEPS[step].en, exact: true }).click();
  assert.equal(await heading(page).textContent(), STEPS[step].en);
  await look?.();
  await fill();
  await button(page, say("en", "save-step")).click();
  await page.waitForURL(`**/warrn/${id}`);
  assert.equal(await flash(page).textContent(), say("en", "done-step"));
}

const stepsOf = async (page, id) => {
  const { steps } = await get(page, `/v1/warrn-records/${id}/steps`);
  // A review that was held sets the clock of the next one.
  return Object.fromEntries(steps.map(({ step }) => [step, steps.some((one) => one.step === step && one.done_at !== undefined)]));
};

/** Sends a record as an in-reach worker does, from the first page through the form; answers with its id and reference. */
async function sendByForm(page, { axe, shot }, fields) {
  await page.goto("/");
  await page.getByRole("link", { name: say("en", "send-title"), exact: true }).click();
  assert.equal(await heading(page).textContent(), say("en", "send-title"));
  // Nothing chosen and no name: all of it is said at once, each at its field, and what was written stays.
  await page.locator("#agreement").fill(fields.agreement);
  await button(page, say("en", "send-button")).click();
  await summary(page).waitFor();
  for (const text of ["send-school-missing", "given-name-missing", "born-on-missing", "source-missing", "send-summary-missing"]) {
    await summary(page).getByRole("link", { name: say("en", text), exact: true }).click();
    assert.ok(await page.evaluate(() => document.activeElement.matches("main form [name]")), text);
  }
  assert.equal(await page.locator("#agreement").inputValue(), fields.agreement);
  await axe(page);
  await shot("send-wrong-en", page);
  await page.locator("#school").selectOption("6994001");
  await page.getByLabel(say("en", "source-camhs-in-reach"), { exact: true }).check();
  for (const [id, text] of Object.entries(fields)) await page.locator(`#${id}`).fill(text);
  await axe(page);
  await shot("send-en", page);
  const sent = async () => (await get(page, "/v1/warrn-records?limit=200")).items.length;
  const before = await sent();
  // A double click sends once.
  await button(page, say("en", "send-button")).dblclick();
  await page.waitForURL(/\/warrn\/[0-9a-f-]{36}$/);
  assert.equal(await flash(page).textContent(), say("en", "done-record-sent"));
  assert.equal(await sent(), before + 1);
  assert.doesNotMatch(await page.content(), CHILDREN);
  return { id: new URL(page.url()).pathname.split("/").at(-1), reference: await value(page, say("en", "reference")).textContent() };
}

test("Return: from the in-reach worker's record to its closing", async ({ page, another, signIn, axe, shot }) => {
  await signIn(page, "in_reach_worker");
  const { id, reference } = await sendByForm(page, { axe, shot }, typedRecord({ expected_return_on: day(1) }));
  // A document goes with it: for its recipients, and not for its sender.
  await page.locator("#file").setInputFiles({ name: "Asesiad.txt", mimeType: "text/plain", buffer: Buffer.from("Dychmygol.") });
  await button(page, say("en", "document-add")).click();
  await page.waitForURL(`**/warrn/${id}`);
  assert.equal(await flash(page).textContent(), say("en", "done-attached"));
  assert.ok(!(await page.locator("main").textContent()).includes("Asesiad.txt"));
  await axe(page);
  await shot("sent-en", page);
  const [dsp, ep] = [await another(), await another()];
  await signIn(dsp, "dsp");
  await signIn(ep, "officer_eps");

  // Back this week and not acknowledged: first on the first page, and on the work list.
  for (const first of ["/", "/work"]) {
    await dsp.goto(first);
    assert.ok((await dsp.locator("section:has(#returning)").textContent()).includes(reference), first);
  }
  await axe(dsp);
  await shot("work-returning-en", dsp);
  for (const who of [dsp, ep]) {
    await who.goto(`/warrn/${id}`);
    await button(who, say("en", "acknowledge")).click();
    await who.waitForURL(`**/warrn/${id}`);
    assert.equal(await flash(who).textContent(), say("en", "done-acknowledged"));
  }
  await dsp.goto(`/cases/${id}`);
  assert.ok((await dsp.locator("section:has(#documents)").textContent()).includes("Asesiad.txt"));
  for (const first of ["/", "/work"]) {
    await dsp.goto(first);
    assert.equal(await dsp.locator("section:has(#returning)", { hasText: reference }).count(), 0, first);
  }
  assert.ok((await dsp.locator("section:has(#own-steps)").textContent()).includes(reference));

  await take(dsp, id, "risk_assessment", async () => {
    await dsp.locator("#with_eps").check();
    await dsp.locator("#findings").fill("Coridorau; ffrind da. (Dychmygol.)");
  }, async () => {
    await axe(dsp);
    // Nothing written: it is said where, and what was chosen stays.
    await dsp.locator("#with_eps").check();
    await button(dsp, say("en", "save-step")).click();
    assert.ok((await summary(dsp).textContent()).includes(say("en", "text-missing")));
    assert.ok(await dsp.locator("#with_eps").isChecked());
    await axe(dsp);
  });
  await take(dsp, id, "return_meeting", async () => {
    for (const who of ["pupil", "parent", "key_adult"]) await dsp.locator(`#present_${who}`).fill("Enghraifft");
  }, () => axe(dsp));
  await take(dsp, id, "return_plan", async () => {
    for (const text of ["triggers", "what_helps", "safe_places", "key_adult", "adjustments"]) {
      await dsp.locator(`#${text}`).fill(`Rhywbeth dychmygol: ${text}.`);
    }
    await dsp.locator("#review_on").fill(day(10));
  }, () => axe(dsp));
  await dsp.getByRole("link", { name: say("en", "show-plan"), exact: true }).click();
  assert.equal(await heading(dsp).textContent(), say("en", "plan-title", { reference }));
  assert.ok((await dsp.locator("main").textContent()).includes("Rhywbeth dychmygol: safe_places."));
  await axe(dsp);
  await shot("return-plan-en", dsp);
  await take(dsp, id, "return", () => dsp.locator("#attendance").check(), () => axe(dsp));
  await take(dsp, id, "review", async () => {
    await dsp.locator("#attendance").check();
    await dsp.locator("#note").fill("Mae'n mynd yn dda. (Dychmygol.)");
  }, () => axe(dsp));

  // The psychologist reads what was noted, in Welsh.
  await ep.goto(`/cy/warrn/${id}/file`);
  assert.equal(await heading(ep).textContent(), say("cy", "file-title", { reference }));
  const file = await ep.locator("main").textContent();
  for (const step of ["risk_assessment", "return_meeting", "return_plan", "review"]) assert.ok(file.includes(STEPS[step].cy), step);
  await axe(ep);
  await shot("return-file-cy", ep);

  // The sender sees the steps, and nothing of what they say.
  await page.goto(`/warrn/${id}`);
  const seen = await page.locator("main").textContent();
  assert.ok(seen.includes(STEPS.return_plan.en) && !seen.includes("Rhywbeth dychmygol") && !CHILDREN.test(seen));
  const done = await stepsOf(page, id);
  assert.ok(done.return && done.review && !done.close);
  assert.equal((await page.request.get(`/v1/warrn-records/${id}/return-file`)).status(), 403);
  assert.equal((await page.request.get(`/warrn/${id}/plan`)).status(), 403);

  await take(dsp, id, "close", () => dsp.getByLabel("Re-referred", { exact: true }).check(), () => axe(dsp));
  assert.equal(await dsp.locator("section:has(#steps) ul").count(), 0, "nothing is left to do");
  await axe(dsp);

  for (const key of ["headteacher", "deputy_dsp", "safeguarding_lead"]) {
    const stranger = await another();
    await signIn(stranger, key);
    for (const part of ["", "/file", "/plan", "/steps/review"]) await isNotFound(stranger, `/warrn/${id}${part}`);
  }
});

test("Return: the sender moves its date, and the clocks move", async ({ page, visit, signIn, axe }) => {
  await signIn(page, "in_reach_worker");
  const { id } = await sendWarrn(page, undefined, { expected_return_on: day(3) });
  const due = async () => (await get(page, `/v1/warrn-records/${id}/steps`)).steps.find(({ step }) => step === "return").due_at;
  const before = await due();
  await visit(`/warrn/${id}`);
  await page.getByRole("link", { name: say("en", "change-return-date"), exact: true }).click();
  await axe();
  await page.locator("#expected_return_on").fill(day(12));
  await button(page, say("en", "save-step")).click();
  await page.waitForURL(`**/warrn/${id}`);
  assert.equal(await flash(page).textContent(), say("en", "done-return-moved"));
  assert.ok((await due()) > before);
});
