// The policy every answer carries, judged by somebody else: Google's evaluator of Content Security Policies.

import evaluator from "csp_evaluator/dist/evaluator.js";
import finding from "csp_evaluator/dist/finding.js";
import parser from "csp_evaluator/dist/parser.js";

import { send } from "../console.mjs";
import { assert, test } from "../harness.mjs";
import { scene } from "../scene.mjs";

const { CspEvaluator } = evaluator;
const { Severity, Type } = finding;

/** What the evaluator has against a policy: `[{ severity, type, directive, value }]`. */
const judged = (policy) =>
  new CspEvaluator(new parser.CspParser(policy).csp).evaluate().map(({ severity, type, directive, value = "" }) => ({
    severity: Severity[severity], type: Type[type], directive, value,
  }));

/** It may be exploited as it stands, or is not what its author thinks it is. */
const isHigh = ({ severity }) => severity === "HIGH" || severity === "SYNTAX";

/** What is left, and why: every other finding fails the case. */
const KNOWN = [
  // "Can be problematic if you host JSONP, AngularJS or user uploaded files": no answer is code of a caller's choosing,
  // and a document is given as a download that no page can run (`X-Content-Type-Options: nosniff`).
  { severity: "MEDIUM_MAYBE", type: "SCRIPT_ALLOWLIST_BYPASS", directive: "script-src", value: "'self'" },
];

test("policy: the evaluator has nothing against any page's (but that scripts come from here)", async (helpers) => {
  const { page, signIn, token } = helpers;
  const { fresh, asked, over, open, warrn, message } = await scene(helpers);
  const seen = new Map();
  const look = async (path, status, options = {}) => {
    const response = await page.request.get(path, { maxRedirects: 0, headers: { accept: "text/html" }, ...options });
    assert.equal(response.status(), status, path);
    const policies = response.headersArray().filter(({ name }) => name.toLowerCase() === "content-security-policy");
    assert.equal(policies.length, 1, `${path} has ${policies.length} policies`);
    seen.set(`${status} ${path}`, policies[0].value);
  };
  // A document, which somebody else wrote.
  await signIn(page, "dsp");
  const name = `${fresh.replace("/referrals/", "/v1/cases/")}/documents`;
  const { id } = await send(page, name, { name: "Llythyr.txt", media_type: "text/plain", content: "QW5ud3ls" });
  for (const path of [`${name}/${id}/content`, `${name.slice(3)}/${id}`]) await look(path, 200);
  await page.context().clearCookies();
  // Nobody signed in: pages, redirections, what is not there, the API's description and its problems, what is no page.
  for (const [path, status] of [
    ["/", 303], ["/sign-in", 200], ["/cy/sign-in", 200], ["/no-such-page", 404], ["/cy/no-such-page", 404],
    ["/problems/forbidden", 200], ["/invitation/none", 404], ["/v1/openapi.json", 200], ["/v1/referrals", 401],
    ["/v1/no-such-thing", 404], ["/v1/graphql", 405], ["/livez", 200], [fresh, 303],
  ]) await look(path, status);
  for (const [who, pages] of [
    ["officer", [["/", 200], ["/cy", 200], ["/work", 200], [fresh, 200], [`${fresh}/decline`, 200], [asked, 200], [over, 200],
      [`${over}/schools/6994001`, 200], [open, 200], ["/account", 200], ["/account/password", 200], ["/step-up", 200],
      [warrn, 404], ["/mail", 403], ["/work?state=lost", 400]]],
    ["dsp", [[warrn, 200], [`${warrn}/file`, 200], [`${warrn}/steps/risk_assessment`, 303], [`${warrn}/refer`, 200], ["/systems", 200]]],
    ["administrator", [["/mail", 200], [message, 200], ["/people", 200], ["/records", 200], ["/subject-access", 200]]],
  ]) {
    await page.context().clearCookies();
    await signIn(page, who);
    for (const [path, status] of pages) await look(path, status);
  }
  const headers = { authorization: `Bearer ${await token(["referrals:read"])}` };
  await look("/v1/referrals", 200, { headers });

  const others = new Map();
  for (const [what, policy] of seen) {
    const found = judged(policy);
    assert.deepEqual(found.filter(isHigh), [], `${what}: ${policy}`);
    for (const one of found) others.set(JSON.stringify(one), one);
  }
  assert.deepEqual([...others.values()], KNOWN);
  assert.ok(seen.size >= 38, `${seen.size}`);
});

test("policy: the evaluator sees what is wrong with one", async ({ page }) => {
  const policy = (await page.request.get("/sign-in")).headers()["content-security-policy"];
  const part = (name) => {
    const found = policy.split("; ").find((one) => one.startsWith(`${name} `));
    assert.ok(found, `${policy} has no ${name}`);
    return found;
  };
  // Each one step from ours, and what it must be told for.
  for (const [bad, type, directive] of [
    [policy.replace(part("script-src"), "script-src 'self' 'unsafe-inline'"), "SCRIPT_UNSAFE_INLINE", "script-src"],
    [policy.replace(part("script-src"), "script-src 'self' data:"), "PLAIN_URL_SCHEMES", "script-src"],
    [policy.replace(part("script-src"), "script-src *"), "PLAIN_WILDCARD", "script-src"],
    [policy.replace(part("script-src"), "script-src 'self' https://ajax.googleapis.com"), "SCRIPT_ALLOWLIST_BYPASS", "script-src"],
    [policy.split("; ").filter((one) => !/^(default|script)-src /.test(one)).join("; "), "MISSING_DIRECTIVES", "script-src"],
    [policy.split("; ").filter((one) => !/^default-src /.test(one)).join("; "), "MISSING_DIRECTIVES", "object-src"],
    [policy.replace("script-src", "script-scr"), "UNKNOWN_DIRECTIVE", "script-scr"],
  ]) {
    assert.notEqual(bad, policy);
    const found = judged(bad).filter(isHigh);
    assert.ok(found.some((one) => one.type === type && one.directive === directive), `${bad}: ${JSON.stringify(judged(bad))}`);
  }
});
