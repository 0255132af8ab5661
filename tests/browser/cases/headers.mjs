// What every answer says to the browser: nothing of another site, nothing kept, nothing told to the next.

import { assert, test } from "../harness.mjs";
import { fields } from "../console.mjs";
import { scene } from "../scene.mjs";

const POLICY = {
  "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self'", "font-src": "'self'",
  "connect-src": "'self'", "form-action": "'self'", "frame-ancestors": "'none'", "base-uri": "'none'",
};

function check(response, status, cache = "no-store") {
  const what = `${status} ${response.url()}`;
  assert.equal(response.status(), status, what);
  const headers = response.headers();
  const policy = Object.fromEntries(headers["content-security-policy"].split(";").map((part) => {
    const [name, ...sources] = part.trim().split(" ");
    return [name, sources.join(" ")];
  }));
  assert.deepEqual(policy, POLICY, what);
  assert.equal(headers["x-content-type-options"], "nosniff", what);
  assert.equal(headers["cache-control"], cache, what);
  assert.equal(headers["referrer-policy"], "no-referrer", what);
  assert.equal(headers["x-frame-options"], "DENY", what);
  assert.equal(headers["cross-origin-opener-policy"], "same-origin", what);
  assert.match(headers["x-request-id"], /\S/, what);
  assert.equal(headers.server, undefined, what);
}

test("headers: pages, refusals, redirections and forms carry them all", async (helpers) => {
  const { page, visit, signIn } = helpers;
  const { fresh, over, warrn } = await scene(helpers);
  const options = { maxRedirects: 0, headers: { accept: "text/html" } };
  for (const [path, status] of [["/", 303], ["/sign-in", 200], ["/cy/sign-in", 200], ["/no-such-page", 404], ["/problems/forbidden", 200], [fresh, 303]]) {
    check(await page.request.get(path, options), status);
  }
  check(await page.request.post("/sign-in", { ...options, form: { email: "", password: "" } }), 422);
  await signIn(page, "officer");
  for (const [path, status] of [["/", 200], ["/cy", 200], ["/work", 200], [fresh, 200], [`${fresh}/decline`, 200], [over, 200], [`${over}/schools/6994001`, 200], [warrn, 404], ["/mail", 403], ["/work?state=lost", 400]]) {
    check(await page.request.get(path, options), status);
  }
  await visit(`${fresh}/decline`);
  const form = await fields(page, "main form");
  check(await page.request.post(`${fresh}/decline`, { ...options, form }), 422);
  check(await page.request.post(`${fresh}/decline`, { ...options, form: {} }), 403);
  check(await page.request.post(`${fresh}/decline`, { ...options, data: "x", headers: { accept: "text/html", "content-type": "text/plain" } }), 415);
});

test("headers: styles and scripts may be kept for good, under an address that names their content", async ({ page, visit }) => {
  await visit("/sign-in");
  const assets = await page.locator("link[href^='/assets/'], script[src]").evaluateAll((all) => all.map((one) => one.getAttribute("href") ?? one.getAttribute("src")));
  assert.ok(assets.length >= 4);
  for (const path of assets) {
    check(await page.request.get(path), 200, "public, max-age=31536000, immutable");
    assert.equal((await page.request.get(path.replace(/[0-9a-f]{8}/, "00000000"))).status(), 404);
  }
});

test("headers: the page runs no script and loads no style of its own", async (helpers) => {
  const { page, visit, signIn, expectFault } = helpers;
  const { fresh } = await scene(helpers);
  await signIn(page, "officer");
  await visit(fresh);
  assert.equal(await page.locator("script:not([src]), style, [style], [onclick], [onload], [onerror]").count(), 0);
  // The policy holds in this browser: a script that got in would not run.
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "document.title = 'ran'";
    document.body.append(script);
  });
  await expectFault(/Content Security Policy/);
  assert.notEqual(await page.title(), "ran");
});
