// Texts that would be code if a page did not write them as text, and what notices one that became code. The texts are our
// own; `tests/browser/cases/scripts.mjs` first proves of each that it is dangerous where a page does not escape.

/** Addresses that nothing of ours has: who asks for them follows a payload. */
const NOWHERE = /brath|dim-yma/;

/** Each under the mistake of a page that would make it code, by the mistake's name. `R` stands for the call. */
const BY_MISTAKE = {
  "in a text": [
    // Elements that are scripts, or run one as they come.
    "<script>R</script>",
    "<ScRiPt type=module>R</ScRiPt>",
    `<script src="/dim-yma.js"></script>`,
    "<script\t>R</script\t>",
    "<img src=brath onerror=R>",
    `<img/src="brath"/onerror="R"/>`,
    "<IMG SRC=brath OnError=R>",
    "<svg onload=R>",
    "<svg><script>R</script></svg>",
    "<svg><animate onbegin=R attributeName=x dur=1s>",
    "<math><mtext><img src=brath onerror=R></mtext></math>",
    "<details open ontoggle=R>",
    "<input autofocus onfocus=R>",
    "<video><source src=brath onerror=R></video>",
    "<template shadowrootmode=open><img src=brath onerror=R></template>",
    // Documents in the document.
    `<iframe srcdoc="<script>R</script>"></iframe>`,
    `<iframe src="javascript:R"></iframe>`,
    `<object data="data:text/html,<script>R</script>"></object>`,
    `<embed src="data:text/html;base64,PHNjcmlwdD50b3AucmFuKCk8L3NjcmlwdD4=">`,
    // Addresses that are scripts, and elements that lead elsewhere.
    `<a href="javascript:R">gwasgwch</a>`,
    `<a href="java&#9;script:R">gwasgwch</a>`,
    `<form action="javascript:R"><button>anfon</button></form>`,
    `<button formaction="javascript:R">anfon</button>`,
    // Not at once, or the page would be gone before it is looked at.
    `<meta http-equiv="refresh" content="1;url=/dim-yma">`,
    `<base href="//brath.example/">`,
    // Styles.
    `<link rel=stylesheet href="/dim-yma.css">`,
    `<style>@import "/dim-yma.css"; main { display: none }</style>`,
    `<p style="position: fixed; inset: 0">drosodd</p>`,
    // Broken tags, and what browsers make of them.
    "<img src=brath onerror=R //",
    "<<script>R//<</script>",
    "<!--><img src=brath onerror=R>-->",
    "<![CDATA[<img src=brath onerror=R>]]>",
  ],
  "where scripts are off": [`<p title="</noscript><img src=brath onerror=R>">`],
  "in a field of many lines": ["</textarea><script>R</script>"],
  "in the title": ["</title><script>R</script>"],
  "in a style": ["</style><img src=brath onerror=R>"],
  "in a comment": ["--><script>R</script><!--"],
  "in a foreign text": ["]]><script>R</script>"],
  "in JSON in a script": [`{"a":"</script><script>R</script>"}`],
  "in double quotes": [`" autofocus onfocus=R x="`, `"><img src=brath onerror=R>`],
  "in single quotes": [`' autofocus onfocus=R x='`, `'><svg onload=R>`],
  "without quotes": ["brath autofocus onfocus=R"],
  "as an address": ["javascript:R", "JaVaScRiPt:R//", "data:text/html,<script>R</script>"],
  "in a script's double quotes": [`"-R-"`],
  "in a script's single quotes": [`'-R-'`],
  "in a script's quotes, half escaped": [`\\";R//`],
  "in a script's template": ["${R}"],
  // Written otherwise, for who decodes once too often.
  "decoded": ["&lt;img src=brath onerror=R&gt;", "&#60;svg onload=R&#62;"],
  "decoded twice": ["&amp;lt;img src=brath onerror=R&amp;gt;"],
  "decoded as an address": ["%3Cimg src=brath onerror=R%3E"],
  "decoded as JSON": ["\\u003cimg src=brath onerror=R\\u003e"],
  "normalised": ["＜img src=brath onerror=R＞"],
  "decoded too leniently": ["À¼img src=brath onerror=RÀ¾"],
};

/** Each text, and the mistake it is for: `[text, mistake]`. */
export const WITH_MISTAKES = Object.entries(BY_MISTAKE)
  .flatMap(([mistake, patterns]) => patterns.map((pattern) => [pattern, mistake]))
  .map(([pattern, mistake], n) => [pattern.replace(/\bR\b/g, `top.ran(${n})`), mistake]);

export const PAYLOADS = WITH_MISTAKES.map(([text]) => text);

/** All of them, a line each, in as many texts as a field of this length needs. */
export function texts(longest) {
  const all = [""];
  for (const payload of PAYLOADS) {
    const longer = `${all.at(-1)}${payload}\n`;
    if (longer.length <= longest) all[all.length - 1] = longer;
    else all.push(`${payload}\n`);
  }
  return all.map((text) => text.trim());
}

/** Gives one after another, for fields of one line; of those that a field takes. */
export function oneByOne() {
  let next = 0;
  return (longest = 100, fits = () => true) => {
    for (let tried = 0; tried < PAYLOADS.length; tried += 1) {
      const payload = PAYLOADS[next++ % PAYLOADS.length];
      if (payload.length <= longest && fits(payload)) return payload;
    }
    throw new Error(`no payload fits ${longest} characters`);
  };
}

/** Runs in the page before anything of it does. */
const listen = () => {
  globalThis.holes = [];
  globalThis.ran = (n) => globalThis.holes.push(`payload ${n} ran`);
  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
    globalThis.holes.push(`stopped by the policy only: ${violatedDirective} ${blockedURI}`));
};

/** What no page of ours has, wherever it comes from. */
const look = () => {
  const found = [...globalThis.holes];
  const foreign = "iframe, frame, object, embed, base, style, template, math, video, audio, source, noscript, animate, meta[http-equiv], [style], [autofocus], [srcdoc]";
  const whole = document.querySelectorAll("*");
  for (const element of whole) {
    const what = `<${element.localName}>`;
    if (element.matches(foreign)) found.push(`an element of nobody's: ${what}`);
    if (element.matches("script, link") && !/^\/assets\/|^\/(cy$|cy\/|$)/.test(element.getAttribute("src") ?? element.getAttribute("href") ?? "x")
      && !element.matches("link[rel=alternate][href^='/']")) found.push(`${what} of nobody's`);
    if (element.matches("svg *, img[src*=brath], svg[onload]")) found.push(`a picture of nobody's: ${what}`);
    if (element.shadowRoot) found.push(`${what} has a shadow`);
    for (const { name, value } of element.attributes) {
      if (name.startsWith("on")) found.push(`${what} has ${name}`);
      const address = ["href", "src", "action", "formaction", "data"].includes(name) && value.replace(/[\s\x00-\x1f]/g, "");
      if (address && /^[a-z][a-z0-9+.-]*:/i.test(address) && !/^(https?|mailto|tel):/i.test(address)) found.push(`${what} leads to ${value.slice(0, 60)}`);
    }
  }
  const comments = document.createTreeWalker(document, NodeFilter.SHOW_COMMENT);
  while (comments.nextNode()) found.push("a comment");
  return found;
};

/** Watches a page from now on. What it finds of the page that is open then: `await watched.holes()`. */
export async function watch(page) {
  const seen = [];
  page.on("dialog", (dialog) => {
    seen.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  page.on("request", (request) => {
    const { protocol, pathname, host } = new URL(request.url());
    if (/^https?:$/.test(protocol) && NOWHERE.test(`${host}${pathname}`) && !request.isNavigationRequest()) seen.push(`asked for ${request.url()}`);
    if (request.isNavigationRequest() && request.frame() !== page.mainFrame()) seen.push("a frame");
  });
  await page.addInitScript(listen);
  const looked = () => page.evaluate(look).catch((error) => [`the page went away: ${error.message}`]);
  return { holes: async () => [...(await looked()), ...seen.splice(0)] };
}

/** What a person reads of a page: its texts, and what its fields hold. */
export const read = (page) =>
  page.evaluate(() => {
    const held = [...document.querySelectorAll("main input, main textarea")].map(({ value }) => value);
    return [document.title, document.querySelector("main").textContent, ...held].join("\n");
  });
