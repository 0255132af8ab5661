// What a trial captures: for who runs the service, and with nothing about anyone in it.

import { assert, test } from "../harness.mjs";
import { act, CHILDREN, decode, get, heading, openReferral, say, sendWarrn, value } from "../console.mjs";

/** Makes every kind of message, and waits until each is written. */
async function every({ another, signIn, token, captured }) {
  const [school, office] = [await another(), await another()];
  await signIn(school, "submitter");
  await signIn(office, "officer");
  const asked = await openReferral(school);
  await act(office, asked.id, "request-information", { question: "Beth sydd wedi newid?" });
  await act(school, asked.id, "answer", { answer: "Dim." });
  await act(office, asked.id, "decline", { reason: "needs_met_elsewhere" });
  const passed = await openReferral(school, undefined, { key_area: undefined });
  await act(office, passed.id, "redirect", { service: "eps" });
  const taken = await openReferral(school);
  await act(office, taken.id, "accept");
  const record = await sendWarrn(office, await token(["warrn:write"], "health"));
  const wanted = [[asked, 2], [passed, 1], [taken, 1], [record, 2]];
  let messages = [];
  for (const end = Date.now() + 30_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 250))) {
    messages = captured().map(decode);
    const count = ({ reference }) => messages.filter(({ headers }) => headers.subject.includes(reference)).length;
    if (wanted.every(([one, many]) => count(one) >= many)) return messages;
  }
  assert.fail(`not every message came: ${messages.map(({ headers }) => headers.subject).join("; ")}`);
}

test("mail: no message holds a name, a number, a school, a service or the kind of record", async (helpers) => {
  const messages = await every(helpers);
  assert.ok(messages.length >= 12, `${messages.length} messages`);
  const { items: schools } = await get(helpers.page, "/v1/schools?limit=100", await helpers.token(["directory:read"], "mis"));
  const names = schools.flatMap(({ name, number }) => [name.cy, name.en, number]);
  assert.ok(names.length > 12);
  const KIND = /warrn|cwnsel|counsel|psycholeg|psycholog|behaviour|ymddygiad|referral|atgyfeiriad|safeguard|diogelu|declin|gwrthod|wellbeing|lles/i;
  for (const { headers, text } of messages) {
    const whole = `${headers.subject}\n${text}`;
    for (const [what, pattern] of [["a child's name", CHILDREN], ["a UPN", /\b[A-Z]\d{11}[\dA-Z]\b/], ["a kind", KIND], ["a date of birth", /\b(19|20)\d\d-\d\d-\d\d\b/]]) {
      assert.doesNotMatch(whole, pattern, `${what} in "${headers.subject}"`);
    }
    for (const name of names) assert.ok(!whole.includes(name), `${name} in "${headers.subject}"`);
    // To one, in plain text, with the one link.
    assert.doesNotMatch(headers.to, /,/);
    assert.equal(headers.cc ?? headers.bcc, undefined);
    assert.match(headers["content-type"], /^text\/plain/);
    const links = new Set(text.match(/https?:\S+/g));
    assert.equal(links.size, 1, [...links].join(" "));
    // To a record by its reference, to a survey, or to one's own account; an invitation has a link that works once.
    assert.match([...links][0], /\/(r\/DL-[0-9A-Z]{4}-[0-9A-Z]{4}|surveys\/[0-9a-f-]{36}|account|invitation\/[0-9a-f]{32}\.[\w-]{43})$/);
  }
  // The whole file too, as it lies there, with what its other headers may hold.
  for (const { raw } of helpers.captured()) {
    assert.doesNotMatch(raw, CHILDREN);
    assert.doesNotMatch(raw, /warrn/i);
  }
  // Each reads in the language its reader chose, and both where they chose both.
  const to = (address) => messages.filter(({ headers }) => headers.to === address).map(({ text }) => text);
  for (const text of to("behaviour.officer@la.example")) assert.ok(/Sign in/.test(text) && !/Mewngofnodwch/.test(text));
  for (const text of to("submitter@valley.example")) assert.match(text, /Mewngofnodwch[^]*Sign in/);
});

test("mail: the administrator reads what was captured", async ({ page, visit, signIn, axe, shot, captured }) => {
  await signIn(page, "administrator");
  await page.getByRole("link", { name: say("en", "menu-mail"), exact: true }).click();
  assert.equal(await heading(page).textContent(), say("en", "captured-title"));
  assert.equal(await page.locator(".govuk-inset-text").textContent(), say("en", "captured-about"));
  const shown = await page.locator("tbody th a").allTextContents();
  const newest = decode(captured().at(-1)).headers;
  assert.ok(shown.length >= 8 && shown.length <= captured().length);
  assert.ok(shown.includes(newest.subject), `${newest.subject} is not among ${shown}`);
  await axe();
  await shot("mail-en");
  await page.getByRole("link", { name: newest.subject, exact: true }).first().click();
  assert.equal(await heading(page).textContent(), newest.subject);
  assert.equal(await value(page, say("en", "to")).textContent(), newest.to);
  assert.match(await page.locator(".govuk-inset-text").innerText(), /\/r\/DL-/);
  await axe();
  await shot("mail-message-en");
  for (const name of ["..%2Fcredentials.json", "..%2F..%2Fetc%2Fpasswd.eml", "20260101T000000Z-none.eml"]) {
    await visit(`/mail/${name}`, page, 404);
  }
});

for (const who of ["submitter", "headteacher", "officer", "analyst"]) {
  test(`mail: is no page for the ${who}`, async ({ page, visit, signIn, captured, another }) => {
    await signIn(page, who);
    assert.equal(await page.getByRole("link", { name: say("en", "menu-mail"), exact: true }).count(), 0);
    await visit("/mail", page, 403);
    assert.equal(await page.locator("table").count(), 0);
    const admin = await another();
    await signIn(admin, "administrator");
    await visit("/mail", admin);
    const one = await admin.locator("tbody th a").first().getAttribute("href");
    const refused = await page.goto(one);
    assert.ok([403, 404].includes(refused.status()));
    const subject = decode(captured().at(-1)).headers.subject;
    assert.ok(!(await page.content()).includes(subject));
  });
}
