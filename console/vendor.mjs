// Takes the style library's built files and leaves out what only GOV.UK may use.
//
//   node vendor.mjs OUTPUT_FOLDER [FOLDER_OF_THE_LIBRARY]
//
// The library is MIT, but its typeface, crest and crown are licensed for the GOV.UK domain alone, and a council's
// service isn't on it. So nothing of them may reach a page: no font file, no drawing, and no rule that asks for one
// (a browser would log a 404 on every page). A release of the library that brings something this script doesn't know
// must stop the build, which is why the last thing it does is look for what should be gone.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const FAMILY = /(["']?)\bGDS Transport\1(?=\s*[,;}])/g;
const FORBIDDEN = /GDS ?Transport|crest|crown|opengraph|url\(|@font-face|@import/i;
const RESERVED_SELECTOR = /crest|crown|copyright-logo/i;

/** The index just past the string or comment that starts at `at`, or `at` when none starts there. */
function pastOpaque(css, at) {
  if (css.startsWith("/*", at)) {
    const end = css.indexOf("*/", at + 2);
    if (end < 0) throw new Error("a comment is never closed");
    return end + 2;
  }
  const quote = css[at];
  if (quote !== '"' && quote !== "'") return at;
  for (let i = at + 1; i < css.length; i += 1) {
    if (css[i] === "\\") i += 1;
    else if (css[i] === quote) return i + 1;
  }
  throw new Error("a quoted text is never closed");
}

/** The index of the first of `wanted` outside strings, comments and round brackets, or -1. */
function find(css, wanted, from) {
  let round = 0;
  for (let i = from; i < css.length; ) {
    const past = pastOpaque(css, i);
    if (past > i) {
      i = past;
      continue;
    }
    if (css[i] === "\\") {
      i += 2;
      continue;
    }
    if (css[i] === "(") round += 1;
    else if (css[i] === ")") round -= 1;
    else if (round === 0 && wanted.includes(css[i])) return i;
    i += 1;
  }
  return -1;
}

/** Where the block that opens at `open` closes. */
function closing(css, open) {
  let depth = 1;
  let at = open;
  while (depth > 0) {
    at = find(css, "{}", at + 1);
    if (at < 0) throw new Error("a block is never closed");
    depth += css[at] === "{" ? 1 : -1;
  }
  return at;
}

/** The declarations of a rule without those that fetch a file. */
function declarations(body) {
  const kept = [];
  for (let from = 0; from < body.length; ) {
    const end = find(body, ";", from);
    const one = body.slice(from, end < 0 ? body.length : end);
    from = end < 0 ? body.length : end + 1;
    if (one.trim() !== "" && !/url\(/i.test(one)) kept.push(one);
  }
  return kept.join(";");
}

/** A list of rules without the reserved ones; an at-rule that has become empty goes too. */
function rules(css) {
  let out = "";
  for (let from = 0; from < css.length; ) {
    const at = find(css, "{;", from);
    if (at < 0) {
      out += css.slice(from);
      break;
    }
    if (css[at] === ";") {
      out += css.slice(from, at + 1);
      from = at + 1;
      continue;
    }
    const head = css.slice(from, at);
    const end = closing(css, at);
    const body = css.slice(at + 1, end);
    from = end + 1;
    if (/^\s*@(media|supports|layer|container)\b/i.test(head)) {
      const inner = rules(body);
      if (inner.trim() !== "") out += `${head}{${inner}}`;
    } else if (/^\s*@font-face\b/i.test(head)) {
      continue;
    } else if (/^\s*@/.test(head)) {
      out += `${head}{${body}}`;
    } else {
      const selectors = [];
      for (let start = 0; start <= head.length; ) {
        const comma = find(head, ",", start);
        const one = head.slice(start, comma < 0 ? head.length : comma);
        if (!RESERVED_SELECTOR.test(one)) selectors.push(one);
        start = comma < 0 ? head.length + 1 : comma + 1;
      }
      const inner = declarations(body);
      if (selectors.length > 0 && inner !== "") out += `${selectors.join(",")}{${inner}}`;
    }
  }
  return out;
}

function withoutComments(text, css) {
  // The maps are not shipped: a comment that names one makes a browser's tools ask for it.
  const plain = text.replace(/\n?\/[*/]# sourceMappingURL=[^\n*]*(\*\/)?\s*$/, "\n");
  return css ? plain.replace(/\/\*[\s\S]*?\*\//g, "") : plain;
}

function refuseIfReserved(name, text) {
  const found = FORBIDDEN.exec(text);
  // The script is code: only the names matter there, `url(` may well be a function of its own.
  if (found === null || (name.endsWith(".js") && /^(url\(|@)/i.test(found[0]))) return;
  const around = text.slice(Math.max(0, found.index - 60), found.index + 60).replace(/\s+/g, " ");
  throw new Error(`${name} still has "${found[0]}", which only GOV.UK may use: …${around}…`);
}

/** The published package names its licence but holds no text of it. */
function licence(holder) {
  return `The MIT License (MIT)

${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;
}

function main([target, library]) {
  if (target === undefined) throw new Error("usage: node vendor.mjs OUTPUT_FOLDER [FOLDER_OF_THE_LIBRARY]");
  const here = dirname(fileURLToPath(import.meta.url));
  const root = resolve(library ?? join(here, "node_modules", "govuk-frontend"));
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const built = join(root, "dist", "govuk");

  const source = withoutComments(readFileSync(join(built, "govuk-frontend.min.css"), "utf8"), true);
  const css = rules(source).replace(FAMILY, "arial").replace(/arial,\s*arial\b/g, "arial");
  const js = withoutComments(readFileSync(join(built, "govuk-frontend.min.js"), "utf8"), false);

  refuseIfReserved("govuk-frontend.min.css", css);
  refuseIfReserved("govuk-frontend.min.js", js);
  // A rule walker that went astray would lose most of the sheet rather than a few rules.
  if (css.length < source.length * 0.9) {
    throw new Error(`only ${css.length} of ${source.length} characters of the style sheet are left`);
  }
  for (const needed of [".govuk-button{", ".govuk-error-summary{", ".govuk-service-navigation{"]) {
    if (!css.includes(needed)) throw new Error(`the style sheet has lost ${needed}…}`);
  }
  if (!/export\s*\{[^}]*\binitAll\b/.test(js)) throw new Error("the script no longer exports initAll");

  // The licence asks that its notice goes with every copy. Added after the check, which its holder's name would fail.
  const holder = "Copyright (c) 2016 Crown Copyright (Government Digital Service)";
  const notice = `GOV.UK Frontend ${version}, ${holder}, MIT licence: see govuk-frontend-licence.txt`;
  const changed = "Changed for Dolen: without the typeface, the crest and the crown.";
  // A character set rule counts only as the very first thing in a file.
  const charset = /^@charset "[^"]*";/.exec(css)?.[0] ?? "";
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, "styles.css"), `${charset}/*! ${notice}. ${changed} */\n${css.slice(charset.length).trim()}\n`);
  writeFileSync(join(target, "govuk-frontend.min.js"), `/*! ${notice} */\n${js.trim()}\n`);
  writeFileSync(join(target, "govuk-frontend-licence.txt"), `GOV.UK Frontend ${version}\n\n${licence(holder)}`);
}

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error(`vendor.mjs: ${error.message}`);
  process.exit(1);
}
