// Runs the cases in a real browser against a server that is up.
//
//   node tests/browser/run.mjs BASE_URL CREDENTIALS [--cases FOLDER] [--only WORDS]
//
// CREDENTIALS is what `dolen demo` writes: { base_url, people: [{ email, password, role }], clients: [{ id, secret,
// scopes }] }. Prints `ok NAME` or `not ok NAME` for each, and closes with `N passed, N failed`.

import { readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

import { chromium } from "playwright-core";

import { run, SCREENS, tests } from "./harness.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cases: { type: "string", default: join(dirname(fileURLToPath(import.meta.url)), "cases") },
    only: { type: "string", default: "" },
  },
});
const [base, file] = positionals;
if (base === undefined || file === undefined) {
  console.error("usage: node tests/browser/run.mjs BASE_URL CREDENTIALS [--cases FOLDER] [--only WORDS]");
  process.exit(2);
}
const credentials = JSON.parse(readFileSync(file, "utf8"));

const folder = resolve(values.cases);
for (const name of readdirSync(folder).filter((one) => one.endsWith(".mjs")).sort()) {
  await import(pathToFileURL(join(folder, name)).href);
}
const chosen = tests.filter(({ name }) => name.includes(values.only));

// The pictures of failures that are mended would mislead.
const old = readdirSync(SCREENS).filter((name) => /^failed-.*\.png$/.test(name));
for (const name of old) rmSync(join(SCREENS, name));

const browser = await chromium.launch({
  executablePath: process.env.DOLEN_CHROMIUM ?? "/usr/bin/chromium",
  // Without the sandbox, since CI is root in a container; the other switches keep the browser from calling home.
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
  ],
});

let failed = 0;
for (const one of chosen) {
  const start = Date.now();
  const wrong = await run(one, { browser, base, credentials, folder: dirname(resolve(file)) });
  if (wrong === null) {
    console.log(`ok ${one.name} (${Date.now() - start} ms)`);
  } else {
    failed += 1;
    console.log(`not ok ${one.name}\n${wrong.replace(/^/gm, "    ")}`);
  }
}
await browser.close();

console.log(`${chosen.length - failed} passed, ${failed} failed`);
// A run that proved nothing is not a success.
process.exit(failed > 0 || chosen.length === 0 ? 1 : 0);
