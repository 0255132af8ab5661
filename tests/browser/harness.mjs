// What a case may use: `test` to name what is proved, and the helpers it gets as its argument.
//
//   import { assert, test } from "../harness.mjs";
//
//   test("an officer finds the queue", async ({ page, visit, signIn, axe, shot }) => {
//     await signIn(page, "officer");
//     await visit("/cases");
//     await axe();
//     await shot("cases");
//   });
//
// Options before the function: { javaScript: false }, { size: "tablet" | "phone" }, { language: "cy" }.
// There is no way to skip a test: what isn't proved must not look as if it were.

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createHmac } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export { assert };

const HERE = dirname(fileURLToPath(import.meta.url));
export const SCREENS = process.env.DOLEN_SCREENS ?? join(HERE, "..", ".cache", "screens");
mkdirSync(SCREENS, { recursive: true });
const TEST_MAY_TAKE_MS = 60_000;
const STEP_MAY_TAKE_MS = 10_000;
const SIZES = {
  desktop: { width: 1280, height: 900 },
  tablet: { width: 820, height: 1180 },
  phone: { width: 320, height: 640 },
};

/** Every test the case files named, in their order. */
export const tests = [];

export function test(name, options, body) {
  if (body === undefined) [options, body] = [{}, options];
  assert.ok(!tests.some((other) => other.name === name), `two tests are called "${name}"`);
  tests.push({ name, options, body });
}

/** Runs one test in a context of its own; answers with what was wrong, or null. */
export async function run({ name, options, body }, { browser, base, credentials, folder }) {
  const faults = watch();
  const contexts = [];
  const open = async () => {
    const one = await browser.newContext({
      baseURL: base,
      viewport: SIZES[options.size ?? "desktop"],
      javaScriptEnabled: options.javaScript ?? true,
      locale: options.language === "cy" ? "cy-GB" : "en-GB",
      timezoneId: "Europe/London",
    });
    one.setDefaultTimeout(STEP_MAY_TAKE_MS);
    faults.of(one);
    contexts.push(one);
    return one;
  };
  const context = await open();
  const page = await context.newPage();

  const helpers = {
    page,
    context,
    base,
    credentials,
    newPage: () => context.newPage(),
    /** A page in a browser of its own, for somebody else. */
    another: async () => (await open()).newPage(),
    visit: (path, at = page, expected = 200) => visit(at, path, expected),
    /** Signs someone in, by key or role. A session of this run is used again unless `{ fresh: true }`. */
    signIn: (at, who, how) => signIn(at, who, credentials, how),
    /** A code of this person's authenticator app that was not used yet. */
    codeOf,
    token: (scopes, key) => token(base, credentials, scopes, key),
    mail: (to, within) => mail(to, within),
    /** The messages that a demo captured, as they were written, oldest first: `[{ name, raw }]`. */
    captured: () => captured(folder),
    axe: (at = page) => {
      // Its waits never end in a page whose scripts are off: the test would hang instead of failing.
      assert.notEqual(options.javaScript, false, "axe needs JavaScript: look at this page in a test that has it");
      return axe(at);
    },
    shot: (file, at = page) => shot(at, file),
    /** Lets a test expect a fault of the page, by its words. Returns the faults it took out. */
    expectFault: (pattern) => faults.take(pattern),
  };

  let wrong = null;
  let timer;
  try {
    const allowed = options.timeout ?? TEST_MAY_TAKE_MS;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`took more than ${allowed / 1000} s`)), allowed);
    });
    await Promise.race([body(helpers), late]);
    const left = await faults.all();
    if (left.length > 0) wrong = `the page had faults:\n${left.join("\n")}`;
  } catch (error) {
    wrong = [error.stack ?? String(error), ...(await faults.all())].join("\n");
  } finally {
    clearTimeout(timer);
  }
  // The picture of what a person would have seen says more than the message.
  if (wrong !== null) await shot(page, `failed-${name}`).catch(() => {});
  for (const one of contexts) await one.close();
  return wrong;
}

/** Collects what a page does wrong without anyone looking: script errors, refused content, broken answers. */
function watch() {
  const seen = [];
  const documents = new Map();

  const of = (context) => {
    context.on("weberror", (error) => seen.push({ text: `script error: ${error.error().message}` }));
    context.on("console", (message) => {
      if (message.type() === "error") seen.push({ text: `console: ${message.text()}`, url: message.location().url });
    });
    context.on("response", (response) => {
      const main = response.request().isNavigationRequest() && response.frame().parentFrame() === null;
      if (main) documents.set(response.url(), response.status());
      if (response.status() >= 500) seen.push({ text: `${response.status()} from ${response.url()}` });
    });
  };

  // A page that is itself a refusal (403, 404, 422) makes the browser write an error; the test sees that page.
  const refusal = ({ text, url }) =>
    text.startsWith("console: Failed to load resource") && documents.has(url) && documents.get(url) < 500;

  return {
    of,
    async all() {
      // What the last step set off may still be on its way here.
      await new Promise((resolve) => setTimeout(resolve, 50));
      return seen.filter((one) => !refusal(one)).map(({ text, url }) => `  ${text}${url ? ` (${url})` : ""}`);
    },
    async take(pattern) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const taken = seen.filter(({ text }) => pattern.test(text));
      assert.ok(taken.length > 0, `no fault like ${pattern}`);
      for (const one of taken) seen.splice(seen.indexOf(one), 1);
      return taken.map(({ text }) => text);
    },
  };
}

/** Opens a page and refuses an answer that isn't one. */
export async function visit(page, path, expected = 200) {
  const response = await page.goto(path);
  assert.equal(response.status(), expected, `${path} answered ${response.status()}`);
  return response;
}

/** Who is signed in already, by address: the cookies and where the sign-in led. Servers count attempts. */
const sessions = new Map();
/** A second factor opens sealed content for five minutes; a session older than this is not lent again. */
const PROVED_FOR_MS = 3 * 60_000;

/** The step of the last code used, by address: a code works once. */
const used = new Map();
const STEP_MS = 30_000;

/** The code of an authenticator app with this secret for a step (RFC 6238). */
export function codeAt(secret, step) {
  const bits = [...secret].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac("sha1", key).update(counter).digest();
  const number = hash.readUInt32BE(hash.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** A code this person has not used yet: the one of now or of the next step, which is taken too, or one waited for. */
export async function codeOf(person) {
  if (!person.totp) return undefined;
  const now = () => Math.floor(Date.now() / STEP_MS);
  const step = Math.max(now(), (used.get(person.email) ?? 0) + 1);
  while (step > now() + 1) await new Promise((resolve) => setTimeout(resolve, 500));
  used.set(person.email, step);
  return codeAt(person.totp, step);
}

/** Signs the person with this key in, or the first with this role, by the page a person would use. */
export async function signIn(page, who, credentials, { fresh = false } = {}) {
  const { people } = credentials;
  const person = people.find((one) => one.key === who) ?? people.find((one) => one.role === who);
  assert.ok(person, `nobody has the role ${who}: ${people.map((one) => one.key ?? one.role).join(", ")}`);
  const session = fresh ? undefined : sessions.get(person.email);
  if (session && Date.now() - session.proved < PROVED_FOR_MS) {
    await page.context().clearCookies();
    await page.context().addCookies(session.cookies);
    await visit(page, session.landed);
    return person;
  }
  await visit(page, person.sign_in ?? "/sign-in");
  const form = page.locator("form", { has: page.locator("input[type=password]") });
  await form.locator("input[type=email], input[name=email]").fill(person.email);
  await form.locator("input[type=password]").fill(person.password);
  const code = await codeOf(person);
  if (code) await form.locator("input[name=code]").fill(code);
  await Promise.all([page.waitForNavigation(), form.locator("button:not([type=button])").first().click()]);
  const wrong = page.locator(".govuk-error-summary");
  assert.equal(await wrong.count(), 0, `${person.email} was not let in`);
  assert.equal(await page.locator("input[type=password]").count(), 0, `${person.email} is still asked for a password`);
  if (!fresh) sessions.set(person.email, { cookies: await page.context().cookies(), landed: page.url(), proved: Date.now() });
  return person;
}

/** A token for an API client that has these scopes, by the flow its OpenAPI document names. */
async function token(base, credentials, scopes = [], key = undefined) {
  const fits = (one) => (key === undefined || one.key === key) && scopes.every((scope) => one.scopes.includes(scope));
  const client = credentials.clients.find(fits);
  assert.ok(client, `no client ${key ?? ""} has the scopes ${scopes.join(" ")}`);
  const document = await (await fetch(new URL("/v1/openapi.json", base))).json();
  const flows = Object.values(document.components.securitySchemes).map((scheme) => scheme.flows?.clientCredentials);
  const address = new URL(flows.find(Boolean).tokenUrl, base);
  const body = new URLSearchParams({ grant_type: "client_credentials" });
  if (scopes.length > 0) body.set("scope", scopes.join(" "));
  const answer = await fetch(address, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString("base64")}` },
    body,
  });
  assert.equal(answer.status, 200, `${address.pathname} answered ${answer.status}`);
  return (await answer.json()).access_token;
}

/** The first message to this address, as text, once it has come. The mail sink writes one line for each. */
async function mail(to, within = STEP_MAY_TAKE_MS) {
  const file = process.env.DOLEN_TEST_MAIL;
  assert.ok(file, "DOLEN_TEST_MAIL names no file: no mail sink is running");
  for (const end = Date.now() + within; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const lines = readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
    const found = lines.find((line) => line.rcpt_tos.includes(to));
    if (found) return Buffer.from(found.data, "base64").toString("utf8");
  }
  assert.fail(`no mail to ${to} in ${within} ms`);
}

function captured(folder) {
  const names = readdirSync(join(folder, "mail")).filter((name) => name.endsWith(".eml")).sort();
  return names.map((name) => ({ name, raw: readFileSync(join(folder, "mail", name), "utf8") }));
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** No accessibility fault that a machine can find, at WCAG 2.2 AA. */
export async function axe(page) {
  // Through the debugger, not a script element: the page's own policy stays as strict as it is.
  await page.evaluate(`${axeSource};0`);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      rules: { "target-size": { enabled: true } },
      resultTypes: ["violations"],
    }),
  );
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `  ${id}: ${help}: ${node.target.join(" ")}\n    ${node.failureSummary.replace(/\s+/g, " ")}`),
  );
  assert.equal(found.length, 0, `${page.url()} is not accessible:\n${found.join("\n")}`);
}

export async function shot(page, file) {
  const path = join(SCREENS, `${file.replace(/[^\p{L}\p{N}-]+/gu, "-")}.png`);
  await page.screenshot({ path, fullPage: true });
  return path;
}
