// The survey: how far schools are, and results that let nobody be recognised.

import { assert, test } from "../harness.mjs";
import { campaign, heading, isNotFound, say, state, value } from "../console.mjs";

const SMALL = "6992002";
const OWN = "6994001";

test("surveys: the administrator sees how far each school is, and no results", async ({ page, visit, signIn, axe, shot }) => {
  await signIn(page, "administrator");
  assert.equal(await value(page, say("en", "waiting-surveys")).first().textContent(), "1");
  await page.getByRole("link", { name: say("en", "waiting-surveys") }).click();
  assert.equal(await page.locator("tbody tr").count(), 1);
  await page.getByRole("link", { name: "Annual bullying survey" }).click();
  assert.equal(await state(page).textContent(), say("en", "window-open"));
  // The demo's own, and the one whose pupils answer in `pupils`.
  const done = [1, 2].map((some) => say("en", "schools-done", { some, of: 7 }));
  assert.ok(done.includes(await page.locator("#progress").textContent()));
  const row = page.locator("tr", { hasText: "Upper Valley Primary School" });
  assert.match((await row.innerText()).replace(/\s+/g, " "), /^Upper Valley Primary School 6992001 58 108 Set : Pupils on roll, Upper Valley Primary School 53% \d+ \w+ \d{4} Begun /);
  // A school that has closed isn't asked.
  assert.equal(await page.getByText("Old Mill Primary School").count(), 0);
  assert.equal(await page.getByText(say("en", "show-results")).count(), 0);
  await axe();
  await shot("survey-progress-en");

  const over = await campaign(page, "over");
  await visit(`/surveys/${over}`);
  assert.equal(await page.getByText(say("en", "show-results")).count(), 0);
  const refused = await page.goto(`/surveys/${over}/schools/${OWN}`);
  assert.ok([403, 404].includes(refused.status()), `an administrator reads results: ${refused.status()}`);
});

test("surveys: the headteacher sees the figures of the own school, as ranges, and no other school's", async ({
  page, visit, signIn, axe, shot,
}) => {
  await signIn(page, "headteacher");
  const over = await campaign(page, "over");
  await visit(`/surveys/${over}`);
  assert.equal(await page.locator("table").count(), 0, "a school sees no progress of others");
  await page.getByRole("link", { name: "Example Valley Comprehensive School", exact: true }).click();
  assert.equal(await heading(page).textContent(), say("en", "results-title", { school: "Example Valley Comprehensive School" }));
  const tables = page.locator("table");
  assert.ok((await tables.count()) > 3);
  // Beside a share of few stands that it is less sure.
  const shares = (await page.locator("td").allTextContents()).map((text) => text.replace(/ \(u\)$/, ""));
  const figures = shares.filter((text) => text.endsWith("%"));
  assert.ok(figures.length > 10, `only ${figures.length} figures`);
  for (const figure of figures) {
    const [, from, to] = /^(\d{1,2})–(\d{1,3})%$/.exec(figure) ?? assert.fail(figure);
    assert.ok(Number(to) - Number(from) >= 5 && Number(to) <= 100, `a range: ${figure}`);
  }
  const bases = shares.filter((text) => /^\d+–\d+$/.test(text));
  assert.ok(shares.every((text) => text.endsWith("%") || ["c", "z", "x"].includes(text) || bases.includes(text)));
  // Each option in words, not in codes.
  for (const label of await page.locator("tbody th").allTextContents()) assert.doesNotMatch(label, /^[a-z]+(_[a-z]+)*$/);
  assert.ok(bases.length > 10);
  for (const base of bases) {
    const [some, of] = base.split("–").map(Number);
    assert.ok(some >= 30 && some % 5 === 0 && of === some + 4, base);
  }
  // What stands out, beside the authority, with what to try and who can help; and files of it.
  const text = await page.locator("main").innerText();
  for (const key of ["pack-found", "pack-chart", "pack-tables"]) assert.ok(text.includes(say("en", key)), key);
  assert.equal(await page.locator("svg.dolen-bars[role=img] title").count(), 1);
  for (const [format, kind] of [["pdf", "application/pdf"], ["csv", "text/csv"], ["xlsx", "spreadsheetml"]]) {
    const file = await page.request.get(`/surveys/${over}/schools/${OWN}/pack/${format}`);
    assert.equal(file.status(), 200);
    assert.ok(file.headers()["content-type"].includes(kind), format);
  }
  await axe();
  await shot("results-en");
  // That the others exist is in the directory; their results are not for this reader.
  for (const other of [SMALL, "6994002", "6992001"]) {
    await visit(`/surveys/${over}/schools/${other}`, page, 403);
    assert.equal(await page.locator("table").count(), 0);
  }
  await isNotFound(page, `/surveys/${over}/schools/6999999`);
});

test("surveys: a school with too few answers shows c and what it means, to the analyst too", async ({
  page, visit, signIn, axe, shot,
}) => {
  await signIn(page, "analyst");
  const over = await campaign(page, "over");
  await visit(`/cy/surveys/${over}`);
  await page.locator(`main a[href$="/schools/${SMALL}"]`).click();
  await page.waitForURL(`**/cy/surveys/${over}/schools/${SMALL}`);
  assert.equal(await value(page, "c").textContent(), say("cy", "legend-c"));
  assert.equal(await value(page, "z").textContent(), say("cy", "legend-z"));
  const symbols = await page.locator("tr td:nth-child(2)").allTextContents();
  assert.ok(symbols.length > 3 && symbols.includes("c"));
  assert.ok(symbols.every((text) => text === "c" || text === "z"), `shown: ${symbols}`);
  await axe();
  await shot("results-small-cy");
  await visit(`/surveys/${over}/schools/${OWN}`);
  assert.ok((await page.locator("td", { hasText: "%" }).count()) > 10);
});

test("surveys: an open one has no results, for anybody", async ({ page, another, visit, signIn, axe, shot }) => {
  await signIn(page, "analyst");
  const open = await campaign(page, "open");
  await visit(`/surveys/${open}`);
  assert.equal(await page.getByText(say("en", "show-results")).count(), 0);
  await visit(`/surveys/${open}/schools/6992001`);
  assert.equal(await page.locator("table").count(), 0);
  assert.match(await page.locator("main").textContent(), /The results are here once the authority has published them\./);
  await axe();
  await shot("results-open-en");
  const head = await another();
  await signIn(head, "headteacher");
  await visit(`/surveys/${open}`, head);
  assert.match(await head.locator("main").textContent(), /The results are here once the authority has published them/);
  await visit(`/surveys/${open}/schools/${OWN}`, head);
  assert.equal(await head.locator("td").count(), 0);
});
