// A campaign from its first day to the school's report: the authority opens it, a school prints codes, thirty pupils answer, the
// headteacher signs it off, the authority publishes, and the school reads its pack.

import { assert, test } from "../harness.mjs";
import { button, get, heading, say, send } from "../console.mjs";

const SCHOOL = "6994001";
const NAME = "Example Valley Comprehensive School";
const PUPILS = 30;

/** Answers as a pupil: one question a page, a choice by turns. */
async function answer(page, visit, code, turn) {
  await visit("/survey", page);
  await page.getByRole("textbox").fill(code);
  await button(page, say("en", "pupil-begin")).click();
  await button(page, say("en", "pupil-start")).click();
  const choices = page.locator("input[name=choice]");
  const last = button(page, say("en", "pupil-send"));
  for (let n = 1; n < 60; n += 1) {
    await choices.or(last).first().waitFor();
    if ((await last.count()) > 0) break;
    await choices.nth((turn + n) % Math.min(3, await choices.count())).check();
    await button(page, say("en", "pupil-next")).click();
  }
  await last.click();
  assert.equal(await heading(page).innerText(), say("en", "pupil-thanks"));
}

test("campaign: from its first day to the school's report", { timeout: 300_000 }, async ({ page, another, visit, signIn, axe, shot }) => {
  await signIn(page, "administrator");
  await visit("/surveys");
  await page.getByRole("link", { name: say("en", "campaign-new") }).click();
  await button(page, say("en", "campaign-make")).click();
  assert.ok((await page.locator(".govuk-error-message").count()) >= 3, "what is missing is said at its field");
  const title = `Survey of a journey ${Date.now()}`;
  const today = new Date().toISOString().slice(0, 10);
  await page.locator("#title_cy").fill("Arolwg taith");
  await page.locator("#title_en").fill(title);
  await page.locator("#opens_on").fill(today);
  await page.locator("#closes_on").fill(today);
  await page.getByLabel(say("en", "campaign-listed")).check();
  await page.locator("#numbers").fill(SCHOOL);
  await shot("campaign-new-en");
  await button(page, say("en", "campaign-make")).click();
  assert.equal(await heading(page).innerText(), title);
  const at = new URL(page.url()).pathname;
  const id = at.split("/").pop();

  const submitter = await another();
  await signIn(submitter, "submitter");
  const { codes } = await send(submitter, `/v1/survey-campaigns/${id}/schools/${SCHOOL}/code-sheets`, { year_group: 8, class: "8 Glas", size: PUPILS });
  const pupil = await another();
  for (const [turn, code] of codes.entries()) await answer(pupil, visit, code.en, turn);

  const head = await another();
  await signIn(head, "headteacher");
  await visit(at, head);
  await head.getByRole("link", { name: `${say("en", "sign-off")}: ${NAME}` }).click();
  assert.ok((await head.locator("main").innerText()).includes(say("en", "sign-off-answers", { number: PUPILS })));
  await head.getByLabel(say("en", "sign-off-complete")).check();
  await shot("campaign-sign-off-en", head);
  await button(head, say("en", "sign-off")).click();
  assert.ok((await head.locator("main").innerText()).includes(say("en", "done-survey-signed-off")));

  await visit(`${at}/releases`);
  await page.getByLabel(say("en", "release-first")).check();
  await button(page, say("en", "release-ask")).click();
  for (let tries = 0; ; tries += 1) {
    const state = await page.locator("tbody .dolen-state").first().innerText();
    if (state === say("en", "release-published")) break;
    assert.ok(tries < 60 && state === say("en", "release-deciding"), state);
    await page.waitForTimeout(1000);
    await visit(`${at}/releases`);
  }
  await axe();
  await shot("campaign-releases-en");

  await visit(`${at}/schools/${SCHOOL}`, head);
  const text = await head.locator("main").innerText();
  assert.ok(text.includes(say("en", "pack-found")) && text.includes(say("en", "results-release", { number: 1 })));
  const bases = await head.locator("tr:last-child td:nth-child(2)").allTextContents();
  assert.ok(bases.includes("30–34"), `${bases}`);
  await axe(head);
  await shot("campaign-pack-en", head);
  const results = await get(head, `/v1/survey-campaigns/${id}/schools/${SCHOOL}/results`);
  assert.equal(results.release, 1);
  assert.ok(results.figures.some((figure) => figure.base === 30));
});
