// What people type is shown as they typed it, wherever it is shown, and never becomes part of a page.

import { assert, test } from "../harness.mjs";
import { act, CHILD, get, openReferral, say, send, sendWarrn } from "../console.mjs";
import { oneByOne, PAYLOADS, read, texts, watch, WITH_MISTAKES } from "../payloads.mjs";

const day = (offset) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
/** From 1 September to 31 August. */
const academicYear = (date) => {
  const first = Number(date.slice(0, 4)) - (date.slice(5) < "09-01" ? 1 : 0);
  return `${first}/${String((first + 1) % 100).padStart(2, "0")}`;
};
const decoded = (text) => text.replace(/&lt;|&#60;/g, "<").replace(/&gt;|&#62;/g, ">").replace(/&amp;/g, "&");
const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");

/** Ways to put a text into a page that are wrong, each for some text. */
const MISTAKES = {
  "in a text": (text) => `<p>${text}</p>`,
  "where scripts are off": (text) => `<noscript>${text}</noscript>`,
  "in double quotes": (text) => `<input value="${text}">`,
  "in single quotes": (text) => `<input value='${text}'>`,
  "without quotes": (text) => `<input value=${text}>`,
  "in a field of many lines": (text) => `<textarea>${text}</textarea>`,
  "in the title": (text) => `<title>${text}</title>`,
  "in a style": (text) => `<style>p { content: "${text}" }</style>`,
  "in a comment": (text) => `<!-- ${text} -->`,
  "in a foreign text": (text) => `<svg><![CDATA[${text}]]></svg>`,
  "as an address": (text) => `<a href="${escaped(text)}">dolen</a>`,
  "in JSON in a script": (text) => `<script type="application/json">${text}</script>`,
  "in a script's double quotes": (text) => `<script>const a = "${text}"</script>`,
  "in a script's single quotes": (text) => `<script>const a = '${text}'</script>`,
  "in a script's quotes, half escaped": (text) => `<script>const a = "${text.replaceAll("\"", "\\\"")}"</script>`,
  "in a script's template": (text) => `<script>const a = \`${text}\`</script>`,
  "decoded": (text) => `<p>${decoded(text)}</p>`,
  "decoded twice": (text) => `<p>${decoded(decoded(text))}</p>`,
  "decoded as an address": (text) => `<p>${text.replace(/%3C/g, "<").replace(/%3E/g, ">")}</p>`,
  "decoded as JSON": (text) => `<p>${text.replace(/\\u003c/g, "<").replace(/\\u003e/g, ">")}</p>`,
  "normalised": (text) => `<p>${text.normalize("NFKC")}</p>`,
  "decoded too leniently": (text) => `<p>${text.replace(/À¼/g, "<").replace(/À¾/g, ">")}</p>`,
};

test("scripts: the detector sees every payload where a page makes a mistake, and nothing where it makes none", async ({
  page, base, expectFault,
}) => {
  let shown = "";
  await page.route("**/mistake", (route) => route.fulfill({ contentType: "text/html", body: shown }));
  await page.route(/dim-yma|brath/, (route) => route.fulfill({ contentType: "text/plain", body: "" }));
  const watched = await watch(page);
  const holes = async (body) => {
    shown = `<!doctype html><html lang="cy"><meta charset="utf-8"><title>Prawf</title><body><main>${body}</main></body></html>`;
    await page.goto(`${base}/mistake`, { waitUntil: "load" });
    return watched.holes();
  };
  const safe = PAYLOADS.map((text) => escaped(text).replaceAll("'", "&#39;"));
  assert.deepEqual(await holes(safe.map((text) => `<p>${text}</p><input value="${text}"><textarea>${text}</textarea>`).join("")), []);
  const seen = await read(page);
  for (const text of PAYLOADS) assert.ok(seen.split(text).length > 3, text);

  const usual = {};
  for (const [text, where] of WITH_MISTAKES) {
    // A page with a script or a comment of its own is found for that.
    usual[where] ??= new Set(await holes(MISTAKES[where]("gair")));
    const found = await holes(MISTAKES[where](text));
    assert.ok(found.some((one) => !usual[where].has(one)), `${where} nothing is made of ${text}`);
  }
  assert.ok(PAYLOADS.length >= 40);
  // Half of a script is none.
  await expectFault(/./);
});

/** All of them in one text of many lines. */
const [ALL] = texts(4000);

/** A page that is watched, for whoever signs in; and what it must show of what they wrote. */
async function stage({ page, visit, signIn }) {
  const watched = await watch(page);
  return {
    as: async (who) => {
      await page.context().clearCookies();
      await signIn(page, who);
    },
    /** Opens a page in both languages: it shows every line of these as often as they have it, and nothing has become code. */
    shows: async (path, ...wanted) => {
      const lines = new Map();
      for (const line of wanted.flatMap((text) => text.split("\n"))) lines.set(line, (lines.get(line) ?? 0) + 1);
      for (const address of [path, `/cy${path}`]) {
        await visit(address);
        assert.deepEqual(await watched.holes(), [], address);
        const seen = await read(page);
        for (const [line, times] of lines) assert.ok(seen.split(line).length > times, `${address} does not show ${times} × ${line}`);
      }
    },
    watched,
  };
}

/** Takes a step on what stands at this address of the API, as the person who is signed in. */
async function change(page, path, word, body) {
  const now = await page.request.get(path);
  assert.equal(now.status(), 200, path);
  return send(page, `${path}/${word}`, body, { version: now.headers().etag });
}

/** People, a task and a document of a case, with payloads wherever somebody writes; answers with what its page shows. */
async function fill(page, id) {
  const one = oneByOne();
  const person = { relation: "parent", name: one(200), contact: one(200), remark: texts(1000)[1] };
  await send(page, `/v1/cases/${id}/people`, person);
  const tasks = texts(500);
  for (const what of tasks) await send(page, `/v1/cases/${id}/tasks`, { what });
  // A name is no path: what stands before a slash is not kept.
  const names = PAYLOADS.filter((text) => !/[/\\]/.test(text)).slice(0, 12);
  for (const name of names) {
    const document = await send(page, `/v1/cases/${id}/documents`, { name, media_type: "text/plain", content: Buffer.from(ALL).toString("base64") });
    const given = await page.request.get(`/cases/${id}/documents/${document.id}`);
    assert.equal(given.status(), 200);
    const headers = given.headers();
    assert.match(headers["content-disposition"], /^attachment;/);
    assert.deepEqual([headers["content-type"].split(";")[0], headers["x-content-type-options"]], ["text/plain", "nosniff"]);
    assert.match(headers["content-security-policy"], /sandbox/);
  }
  return [person.name, person.contact, person.remark, ...tasks, ...names];
}

/** A child whose names are payloads. */
const child = (one) => ({ ...CHILD, given_name: one(), family_name: one() });

test("scripts: what a school and a service write of a referral is shown as text", async (helpers) => {
  const { page } = helpers;
  const { as, shows } = await stage(helpers);
  const one = oneByOne();
  await as("submitter");
  const open = (changes) => openReferral(page, undefined, { pupil: child(one), need: ALL, ...changes });
  const pupil = child(one);
  const evidence = ALL.split("\n").reverse().join("\n");
  const { id } = await open({ pupil, evidence, notes: `Nodyn. ${ALL}` });
  const { id: passed } = await open({ key_area: undefined });
  const around = await fill(page, id);
  const sent = [pupil.given_name, pupil.family_name, ALL, evidence, `Nodyn. ${ALL}`];
  await shows(`/referrals/${id}`, ...sent);
  await as("officer");
  await act(page, id, "request-information", { question: `Cwestiwn. ${ALL}` });
  await act(page, passed, "redirect", { service: "eps", note: `Gwell. ${ALL}` });
  await shows(`/referrals/${id}`, ...sent, `Cwestiwn. ${ALL}`);
  await shows(`/cases/${id}`, ...around);
  await shows("/work");
  await as("submitter");
  await shows(`/referrals/${id}/answer`);
  await act(page, id, "answer", { answer: `Ateb. ${ALL}` });
  await as("officer");
  await act(page, id, "decline", { reason: "other", note: `Rheswm. ${ALL}` });
  await as("submitter");
  await shows(`/referrals/${id}`, ...sent, `Cwestiwn. ${ALL}`, `Ateb. ${ALL}`, `Rheswm. ${ALL}`);
  await shows(`/referrals/${passed}`, `Gwell. ${ALL}`);
  await shows(`/cases/${id}`, ...around);
});

test("scripts: what is written of a child's return to school is shown as text", async (helpers) => {
  const { page, token } = helpers;
  const { as, shows } = await stage(helpers);
  const one = oneByOne();
  await as("in_reach_worker");
  await page.goto("/warrn/send");
  const headings = await page.locator("textarea[name^=summary-]").evaluateAll((all) => all.map(({ name }) => name.slice("summary-".length)));
  assert.ok(headings.length >= 3, `${headings}`);
  const agreement = one(100);
  const summary = headings.map((heading) => ({ heading, text: `${heading}. ${ALL}` }));
  const pupil = child(one);
  const { id } = await sendWarrn(page, await token(["warrn:write"], "health"), { pupil, agreement, summary });
  const record = `/v1/warrn-records/${id}`;
  await as("dsp");
  await shows(`/warrn/${id}`, agreement, pupil.given_name, ...summary.map(({ text }) => text));
  await change(page, record, "acknowledge");
  const around = await fill(page, id);
  const today = day(0);
  await change(page, record, "risk-assessment", { held_on: today, with_eps: true, findings: `Asesiad. ${ALL}` });
  const present = { who: "parent", name: one(200) };
  await change(page, record, "return-meeting", { held_on: today, present: [present], note: `Cyfarfod. ${ALL}` });
  const plan = {
    triggers: `a. ${ALL}`, what_helps: `b. ${ALL}`, safe_places: `c. ${ALL}`, key_adult: `d. ${ALL}`, adjustments: `e. ${ALL}`,
  };
  await change(page, record, "return-plan", { agreed_on: today, ...plan, review_on: day(14) });
  await change(page, record, "return", { on: today, attendance: "full_time" });
  await change(page, record, "return/withdrawal", { reason: `Tynnu. ${ALL}` });
  await change(page, record, "return", { on: today, attendance: "full_time" });
  await change(page, record, "reviews", { held_on: today, attendance: "full_time", note: `Adolygiad. ${ALL}` });
  const timetable = {
    kind: "reduced_timetable", starts_on: today, review_on: day(7), ends_on: day(21), minutes_per_week: 750,
    plan: `Cynllun. ${ALL}`, reason: `Pam. ${ALL}`, consent: { by: one(200), on: today },
  };
  const started = await send(page, `${record}/provision`, timetable);
  const provision = `/v1/provision/${started.id}`;
  await change(page, provision, "reviews", { held_on: today, note: `Nodyn. ${ALL}`, next_on: day(14) });
  const again = { by: one(200), on: today };
  await change(page, provision, "extension", { ends_on: day(28), reason: `Mwy. ${ALL}`, consent: again });
  await shows(`/warrn/${id}`, ...summary.map(({ text }) => text));
  await shows(`/warrn/${id}/file`, `Asesiad. ${ALL}`, present.name, `Cyfarfod. ${ALL}`, `Tynnu. ${ALL}`, `Adolygiad. ${ALL}`);
  await shows(`/warrn/${id}/plan`, ...Object.values(plan));
  await shows(`/warrn/${id}/provision/${started.id}`, timetable.plan, timetable.reason, timetable.consent.by, `Nodyn. ${ALL}`, `Mwy. ${ALL}`, again.by);
  await shows(`/cases/${id}`, ...around);
  for (const path of ["refer", "readers", "steps/review", `provision/${started.id}/review`]) await shows(`/warrn/${id}/${path}`);
  await change(page, provision, "end", { on: today, ending: "full_time", note: `Diwedd. ${ALL}` });
  await change(page, record, "outcome", { outcome: "re_referred", note: `Canlyniad. ${ALL}` });
  await shows(`/warrn/${id}/file`, `Canlyniad. ${ALL}`);
  await shows(`/warrn/${id}/provision/${started.id}`, `Diwedd. ${ALL}`);
});

test("scripts: what the authority writes, and what it finds for a child, is shown as text", async (helpers) => {
  const { page, captured } = helpers;
  const { as, shows, watched } = await stage(helpers);
  const one = oneByOne();
  await as("submitter");
  const { id, reference } = await openReferral(page, undefined, { pupil: child(one), need: ALL });
  const around = await fill(page, id);

  await as("administrator");
  const names = texts(200);
  for (const [i, name] of names.entries()) {
    await send(page, "/v1/invitations", { email: `gwahodd.${Date.now()}.${i}@valley.example`, name, role: "analyst" });
  }
  await shows("/people", ...names);
  for (const name of names) {
    await send(page, "/v1/api-clients", { name, scopes: ["surveys:read"], role: "integration", school_number: "6994001" });
  }
  const title = { cy: one(200), en: one(200) };
  const far = { academic_year: academicYear(day(500)), opens_on: day(500), closes_on: day(530) };
  const { id: campaign } = await send(page, "/v1/survey-campaigns", { instrument: "bullying", title, ...far });
  await page.goto(`/surveys/${campaign}`);
  for (const [path, text] of [["", title.en], ["/cy", title.cy]]) {
    await page.goto(`${path}/surveys/${campaign}`);
    assert.deepEqual(await watched.holes(), []);
    assert.ok((await read(page)).includes(text));
  }
  await shows("/surveys");
  const { rules } = await get(page, "/v1/retention/rules");
  for (const [i, source] of texts(300).slice(0, rules.length).entries()) {
    const { record_class: of, version, anchor, years, action } = rules[i];
    await send(page, `/v1/retention/rules/${of}`, { version, anchor, years: years + 1, action, source });
  }
  await shows("/records", ...texts(300).slice(0, rules.length));
  await shows("/mail");
  await shows(`/mail/${captured().at(-1).name}`);

  const request = await send(page, "/v1/subject-access-requests", { reference, asked_by: "child", received_on: day(0) });
  await as("safeguarding_lead");
  const path = `/v1/subject-access-requests/${request.id}`;
  await send(page, `${path}/gather`);
  await shows(`/subject-access/${request.id}`, ALL, ...around);
  const { items } = await get(page, `${path}/pieces`);
  for (const { number } of items) await send(page, `${path}/pieces/${number}`, { decision: "keep" });
  await send(page, `${path}/release`);
  // What is given to the child is a page too, without any policy once it is theirs.
  const bundle = await (await page.request.get(`${path}/bundle/html`)).text();
  await page.route("**/mistake", (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body: bundle.replaceAll(/<style>[^<]*<\/style>/g, "") }));
  await page.goto("/mistake");
  const documents = (await watched.holes()).filter((one) => !one.startsWith("<a> leads to data:text/plain;base64,"));
  assert.deepEqual(documents, []);
  assert.equal(await page.locator("a[href^='data:']:not([download])").count(), 0, "a document is saved, not opened");
  const given = await page.locator("body").textContent();
  for (const line of [ALL, ...around].flatMap((text) => text.split("\n"))) assert.ok(given.includes(line), line);

  await as("dsp");
  await shows("/systems", ...names);
  await as("team_lead");
  const reason = texts(2000)[0];
  const { id: emergency } = await send(page, "/v1/emergency-accesses", { reference, reason });
  await as("safeguarding_lead");
  await send(page, `/v1/emergency-accesses/${emergency}/review`, { outcome: "appropriate", note: reason });
  await shows(`/emergencies/${emergency}`, reason);
  for (const list of ["/emergencies", "/access-report", `/referrals/${id}/readers`]) await shows(list);
});

/** Types payloads into every field of every form of the page shown, and sends each form; the answers to be looked at. */
async function sendEach(page, path, look) {
  const fields = "input:not([type=hidden]):not([type=file]), textarea, select";
  await page.goto(path);
  const forms = await page.locator("main form[method=post]").evaluateAll(
    (all, fields) => all.flatMap((form, i) => (form.querySelector(fields) ? [i] : [])), fields);
  assert.ok(forms.length > 0, `${path} has no form with a field`);
  for (const form of forms) {
    await page.goto(path);
    await page.evaluate(([form, fields, texts]) => {
      const chosen = document.querySelectorAll("main form[method=post]")[form];
      // A browser's own checks are not what stops anybody: a date and a choice take any text too.
      for (const [i, field] of chosen.querySelectorAll(fields).entries()) {
        const text = texts[(i * 7 + form) % texts.length];
        if (field.matches("select")) field.replaceChildren(Object.assign(document.createElement("option"), { value: text, selected: true }));
        else if (field.matches("textarea")) field.value = texts.join("\n");
        else if (field.matches("[type=radio], [type=checkbox]")) Object.assign(field, { value: text, checked: true });
        else Object.assign(field, { type: "text", value: text });
      }
    }, [form, fields, PAYLOADS]);
    const [response] = await Promise.all([
      page.waitForNavigation(),
      page.evaluate((form) => HTMLFormElement.prototype.submit.call(document.querySelectorAll("main form[method=post]")[form]), form),
    ]);
    assert.ok(response.status() < 500, `${path} answered ${response.status()}`);
    await look(`${path}, form ${form}, ${response.status()}`, response.status());
  }
}

test("scripts: a form gives back what was typed as text", async (helpers) => {
  const { page, token } = helpers;
  const { as, watched } = await stage(helpers);
  const mis = await token(["referrals:write"], "mis");
  const { id } = await openReferral(page, mis);
  const { id: asked } = await openReferral(page, mis);
  const health = await token(["warrn:write"], "health");
  const [{ id: record }, { id: back }] = [await sendWarrn(page, health), await sendWarrn(page, health)];
  let given = 0;
  const look = async (what, status) => {
    assert.deepEqual(await watched.holes(), [], what);
    const seen = await read(page);
    if (status === 422 && PAYLOADS.some((text) => seen.includes(text))) given += 1;
  };
  await as("officer");
  await act(page, asked, "request-information", { question: "Ers pryd?" });
  await as("dsp");
  for (const one of [record, back]) await change(page, `/v1/warrn-records/${one}`, "acknowledge");
  const today = day(0);
  for (const [word, body] of [
    ["risk-assessment", { held_on: today, with_eps: true, findings: "Dychmygol." }],
    ["return-meeting", { held_on: today, present: [{ who: "parent", name: "Rhiant Dychmygol" }] }],
    ["return", { on: today, attendance: "part_time" }],
  ]) await change(page, `/v1/warrn-records/${back}`, word, body);
  for (const [who, paths] of [
    ["officer", ["ask", "decline", "redirect"].map((step) => `/referrals/${id}/${step}`)],
    ["submitter", [`/referrals/${asked}/answer`]],
    ["dsp", [
      ...["risk_assessment", "return_meeting", "return", "close", "return_date"].map((step) => `/warrn/${record}/steps/${step}`),
      ...["return_plan", "full_time", "review", "take_back_return"].map((step) => `/warrn/${back}/steps/${step}`),
      ...["handling_plan", "reduced_timetable", "eotas"].map((kind) => `/warrn/${record}/provision/new/${kind}`),
      `/warrn/${record}/refer`, `/cases/${record}`, `/cases/${id}`,
    ]],
    ["in_reach_worker", ["/warrn/send", "/cy/warrn/send"]],
    ["safeguarding_lead", ["/emergencies/new"]],
    ["administrator", ["/people", "/records", "/subject-access", "/account/absence"]],
  ]) {
    await as(who);
    for (const path of paths) await sendEach(page, path, look);
  }
  await page.context().clearCookies();
  await sendEach(page, "/sign-in", look);
  assert.ok(given >= 20, `${given} pages gave something back`);
});

test("scripts: an address becomes no part of its page", async ({ page, base, signIn }) => {
  const watched = await watch(page);
  await signIn(page, "officer");
  const look = async (path) => {
    const response = await page.goto(path);
    assert.ok(response.status() < 500, `${path} answered ${response.status()}`);
    assert.deepEqual(await watched.holes(), [], path);
    assert.equal(new URL(page.url()).host, new URL(base).host, path);
  };
  const inAll = encodeURIComponent(PAYLOADS.join(" "));
  for (const query of ["/work?state=", "/work?cursor=", "/surveys?cursor=", "/step-up?then=", "/step-up?then=/", "/?x=", "/cy?x="]) await look(`${query}${inAll}`);
  // What stands in texts is in many an address already: of those the first.
  const kinds = WITH_MISTAKES.filter(([, mistake], n) => mistake !== "in a text" || n < 10);
  for (const [payload] of kinds) {
    // As a browser writes it, and as somebody does who writes addresses by hand.
    const raw = payload.replace(/[#?%&\\\t\n]/g, (one) => encodeURIComponent(one));
    await look(`/cy/no-such-page/${encodeURIComponent(payload)}?state=${raw}`);
  }
  for (const path of ["/problems/", "/r/", "/referrals/", "/mail/", "/invitation/", "/sign-in-link/"]) await look(`${path}${inAll}`);
  // Only words of ours are said of what was done before.
  await page.context().addCookies([{ name: "dolen-flash", value: encodeURIComponent(PAYLOADS[0]), url: base }]);
  await look("/work");
  await page.context().clearCookies();
  for (const query of ["/sign-in?next=", "/cy/sign-in?next=//", "/sign-in?ended="]) await look(`${query}${inAll}`);
  // What the form is to lead on to is kept in it when it could be a page of ours; a slash parts attributes as a space does.
  const next = () => page.locator("input[name=next]").evaluateAll((all) => all.map(({ value }) => value));
  let kept = 0;
  for (const [payload] of kinds) {
    const wanted = `/${payload.replace(/\s/g, "/")}`;
    await look(`/sign-in?next=${encodeURIComponent(wanted)}`);
    for (const value of await next()) {
      assert.ok(value === "" || value === wanted, value);
      kept += value === "" ? 0 : 1;
    }
    if (!/^(javascript|data):/i.test(payload)) continue;
    await look(`/sign-in?next=${encodeURIComponent(payload)}`);
    assert.deepEqual((await next()).filter((value) => value !== ""), []);
  }
  assert.ok(kept > 10, `${kept}`);
});
