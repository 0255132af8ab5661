// Proves that the browser runner sees what it must see, on pages of its own: `node tests/browser/selfcheck.mjs`.
// The good cases must all pass and the bad ones all fail. The pages use every component of the plain stylesheet, so
// the good cases are its test too.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const ASSETS = join(HERE, "..", "..", "console", "assets");
const GALLERY = readFileSync(join(HERE, "selfcheck", "gallery.html"), "utf8");
// A folder that holds the vendored library (styles.css, govuk-frontend.min.js), to see the same page with it.
const LIBRARY = process.env.DOLEN_LIBRARY;

const POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'", "connect-src 'self'",
  "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
].join("; ");

const ROW = /<!-- (en|cy) -->(.*?)<!-- \/\1 -->/gs;
/** The gallery in one language: the other's lines are taken out. */
const gallery = (language) =>
  GALLERY.replace(ROW, (_, of, text) => (of === language ? text : "")).replaceAll("{lang}", language);

const page = (body, head = "") =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Prawf - Test</title><link rel="icon" href="/assets/favicon.svg">${head}</head>` +
  `<body><main><h1>Prawf <span lang="en">Test</span></h1>${body}</main></body></html>`;

let posts = 0;
const ROUTES = {
  "/": () => [200, gallery("en")],
  "/cy/": () => [200, gallery("cy")],
  "/sign-in": () => [200, page(`<form method="post" action="/sign-in"><label for="e">E-bost Email</label><input id="e" name="email" type="email"><label for="p">Cyfrinair Password</label><input id="p" name="password" type="password"><button>Mewngofnodi Sign in</button></form>`)],
  "/home": () => [200, page(`<p id="who">Wedi mewngofnodi Signed in</p>`)],
  "/refused": () => [422, page("<p>Mae problem There is a problem</p>")],
  "/slow-form": () => [200, page(`<form method="post" action="/slow"><button>Anfon Send</button></form><script type="module" src="/assets/dolen.js"></script>`)],
  "/count": () => [200, page(`<p id="posts">${posts}</p>`)],
  "/inline": () => [200, page("<script>document.title = 'x'</script>")],
  "/style": () => [200, page(`<p style="color:red">Coch Red</p>`)],
  "/throws": () => [200, page(`<script type="module" src="/assets/throws.js"></script>`)],
  "/missing": () => [200, page(`<img src="/assets/none.png" alt="">`)],
  "/unlabelled": () => [200, page("<input>")],
  "/broken": () => [500, page("<p>500</p>")],
};
const FILES = { "throws.js": () => "throw new Error('a script went wrong');" };
const asset = (name) => {
  if (FILES[name]) return FILES[name]();
  if (name === "styles.css") return LIBRARY ? readFileSync(join(LIBRARY, name)) : readFileSync(join(ASSETS, "plain.css"));
  if (name === "govuk-frontend.min.js" && LIBRARY) return readFileSync(join(LIBRARY, name));
  return ["dolen.css", "dolen.js", "favicon.svg"].includes(name) ? readFileSync(join(ASSETS, name)) : null;
};

const TYPES = { css: "text/css", js: "text/javascript", svg: "image/svg+xml" };

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  response.setHeader("content-security-policy", POLICY);
  if (request.method === "POST") {
    let body = "";
    for await (const part of request) body += part;
    if (pathname === "/slow") {
      posts += 1;
      await new Promise((resolve) => setTimeout(resolve, 700));
    }
    const known = pathname !== "/sign-in" || new URLSearchParams(body).get("password") === "cyfrinair";
    response.writeHead(303, { location: pathname === "/slow" ? "/count" : known ? "/home" : "/sign-in" }).end();
    return;
  }
  if (pathname.startsWith("/assets/")) {
    const found = asset(pathname.slice("/assets/".length));
    const type = TYPES[pathname.split(".").pop()] ?? "text/plain";
    response.writeHead(found === null ? 404 : 200, { "content-type": type }).end(found ?? "");
    return;
  }
  const [status, html] = ROUTES[pathname]?.() ?? [404, page("<p>404</p>")];
  const shown = LIBRARY ? html.replace("<!-- library -->", `<link rel="modulepreload" id="components" href="/assets/govuk-frontend.min.js">`) : html;
  response.writeHead(status, { "content-type": "text/html; charset=utf-8" }).end(shown);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const base = `http://127.0.0.1:${server.address().port}`;

const folder = mkdtempSync(join(tmpdir(), "dolen-selfcheck-"));
const credentials = join(folder, "credentials.json");
const people = [
  { email: "swyddog@example.org", password: "cyfrinair", role: "officer" },
  { email: "neb@example.org", password: "anghywir", role: "stranger" },
];
writeFileSync(credentials, JSON.stringify({ base_url: base, people, clients: [] }));

const mail = join(folder, "mail.jsonl");
const message = Buffer.from("Subject: Prawf\r\n\r\nHelo\r\n").toString("base64");
writeFileSync(mail, `${JSON.stringify({ rcpt_tos: ["swyddog@example.org"], data: message })}\n`);

/** Runs the runner on one folder of cases. */
async function cases(name) {
  const screens = process.env.DOLEN_SCREENS ?? (name === "good" ? join(HERE, "..", ".cache", "screens") : join(folder, "screens"));
  const child = spawn(process.execPath, [join(HERE, "run.mjs"), base, credentials, "--cases", join(HERE, "selfcheck", name)], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, DOLEN_SCREENS: screens, DOLEN_TEST_MAIL: mail },
  });
  let out = "";
  for await (const part of child.stdout) out += part;
  const code = child.exitCode ?? (await new Promise((resolve) => child.on("exit", resolve)));
  const [, passed, failed] = /(\d+) passed, (\d+) failed\s*$/.exec(out) ?? [];
  return { out, code, passed: Number(passed), failed: Number(failed) };
}

const good = await cases("good");
process.stdout.write(good.out.replace(/^\d+ passed, .*\n/m, ""));
const bad = await cases("bad");
// Failing is not enough: it must be for the reason that the name gives.
const blind = [];
for (const [, verdict, name, reason, words] of bad.out.matchAll(/^(ok|not ok) (.*?) → (.*?)(?: \(\d+ ms\))?\n((?: {4}.*\n|\n)*)/gm)) {
  const seen = verdict === "not ok" && words.includes(reason);
  console.log(`${seen ? "ok" : "not ok"} is seen: ${name}`);
  if (!seen) blind.push(name);
}

server.close();
rmSync(folder, { recursive: true });

const sound = good.code === 0 && good.failed === 0 && bad.code === 1 && bad.passed === 0 && bad.failed > 0;
let failed = (good.failed || 0) + blind.length;
if (!sound && failed === 0) {
  failed = 1;
  console.log(`not ok the runner's exit codes: ${good.code} and ${bad.code}\n${bad.out}`);
}
console.log(`${(good.passed || 0) + (bad.failed || 0) - blind.length} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
