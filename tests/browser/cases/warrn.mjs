// A WARRN record: for its named recipients, and for nobody else.

import { assert, test } from "../harness.mjs";
import { button, CHILD, flash, get, heading, isNotFound, say, sendWarrn, value } from "../console.mjs";

const sent = async (page, token) => sendWarrn(page, await token(["warrn:write"], "health"));

test("WARRN: the safeguarding person finds it, reads it and acknowledges it", async ({
  page, visit, signIn, token, axe, shot,
}) => {
  const { id, reference } = await sent(page, token);
  await signIn(page, "dsp");
  const waiting = () => value(page, say("en", "waiting-warrn")).first().textContent();
  const before = Number(await waiting());
  await page.getByRole("link", { name: say("en", "waiting-warrn") }).click();
  const row = page.locator("tr", { hasText: reference });
  assert.ok((await row.textContent()).includes(say("en", "not-yet")));
  assert.ok(!(await page.content()).includes(CHILD.family_name), "a list has no names");
  await axe();
  await shot("work-warrn-en");
  await row.getByRole("link").click();

  assert.equal(await heading(page).textContent(), say("en", "warrn-title", { reference }));
  assert.equal(await value(page, say("en", "pupil")).textContent(), `${CHILD.given_name} ${CHILD.family_name}`);
  assert.equal(await value(page, say("en", "agreement")).textContent(), "WASPI-EXAMPLE-02");
  assert.match(await page.locator("section:has(#content)").textContent(), /Coridorau prysur/);
  const recipients = page.locator("section:has(#recipients) tbody tr");
  assert.equal(await recipients.count(), 2);
  await axe();
  await shot("warrn-en");

  await button(page, say("en", "acknowledge")).click();
  await page.waitForURL(`**/warrn/${id}`);
  assert.equal(await flash(page).textContent(), say("en", "done-acknowledged"));
  assert.equal(await button(page, say("en", "acknowledge")).count(), 0);
  const mine = recipients.filter({ hasText: "Designated Safeguarding Person" });
  assert.ok(!(await mine.textContent()).includes(say("en", "not-yet")));
  await axe();
  await visit("/");
  assert.equal(Number(await waiting()), before - 1);
});

test("WARRN: the school's psychologist acknowledges their own part, in Welsh", async ({
  page, visit, signIn, token, axe, shot,
}) => {
  const { id, reference } = await sent(page, token);
  await signIn(page, "officer_eps");
  await visit("/cy/work?warrn=waiting");
  await page.getByRole("link", { name: reference }).click();
  await axe();
  await shot("warrn-cy");
  await button(page, say("cy", "acknowledge")).click();
  await page.waitForURL(`**/cy/warrn/${id}`);
  assert.equal(await flash(page).textContent(), say("cy", "done-acknowledged"));
  const rows = await page.locator("section:has(#recipients) tbody tr").allTextContents();
  assert.deepEqual(rows.map((row) => row.includes(say("cy", "not-yet"))).sort(), [false, true]);
});

test("WARRN: in a second tab it is acknowledged once", async ({ page, newPage, visit, signIn, token }) => {
  const { id } = await sent(page, token);
  await signIn(page, "dsp");
  await visit(`/warrn/${id}`);
  const late = await newPage();
  await visit(`/warrn/${id}`, late);
  await button(page, say("en", "acknowledge")).click();
  await page.waitForURL(`**/warrn/${id}`);
  await flash(page).waitFor();
  const { recipients } = await get(page, `/v1/warrn-records/${id}`);
  await button(late, say("en", "acknowledge")).click();
  await flash(late).waitFor();
  assert.equal(await flash(late).textContent(), say("en", "not-done-changed"));
  assert.deepEqual((await get(page, `/v1/warrn-records/${id}`)).recipients, recipients);
});

const STRANGERS = {
  "the headteacher, the deputy and others of the school": ["headteacher", "submitter", "deputy_dsp"],
  "other schools and services": ["dsp_cy", "officer", "team_lead"],
  "the authority": ["safeguarding_lead", "administrator", "analyst"],
};

for (const [who, keys] of Object.entries(STRANGERS)) {
  test(`WARRN: there is no such page for ${who}`, async ({ page, another, signIn, token }) => {
    const { id, reference } = await sent(page, token);
    for (const key of keys) {
      const stranger = await another();
      await signIn(stranger, key);
      const shown = async () => (await stranger.locator("main").innerText()).replace(/[0-9a-f-]{36}/g, "");
      await isNotFound(stranger, `/warrn/${id}`);
      const refused = await shown();
      // The same words as for a record that never was.
      await isNotFound(stranger, "/warrn/01a1e252-5c6a-748b-b438-8d9ac8ef81fe");
      assert.equal(await shown(), refused, key);
      await isNotFound(stranger, `/warrn/${id}`, "cy");
      await isNotFound(stranger, `/r/${reference}`);
      const posted = await stranger.request.post(`/warrn/${id}/acknowledge`, { form: {} });
      assert.equal(posted.status(), 403, key);
    }
  });
}

test("WARRN: its sender sees how far it got, and no content", async ({ page, visit, signIn, token, axe }) => {
  const { id, reference } = await sent(page, token);
  await signIn(page, "in_reach_worker");
  // Another sender's record: a client of the same health board sent it.
  await isNotFound(page, `/warrn/${id}`);
  const own = await sendWarrn(page);
  await visit("/work");
  const list = await page.locator("section:has(#warrn)").textContent();
  assert.ok(list.includes(own.reference) && list.includes(say("en", "sent-by-you")) && !list.includes(reference));
  await page.getByRole("link", { name: own.reference }).click();
  assert.ok((await page.locator("section:has(#content)").textContent()).includes(say("en", "warrn-content-not-shown")));
  assert.ok(!(await page.content()).includes(CHILD.family_name));
  assert.equal(await button(page, say("en", "acknowledge")).count(), 0);
  await axe();
});
