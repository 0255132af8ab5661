// Makes pages that work without it a little kinder. Holds no rule and no text of its own.

const body = document.body;
body.classList.add("js-enabled");

// The component library is there only in a build made with npm: the page then names it in
// <link rel="modulepreload" id="components" href="…">, as a module has no other way to learn a hashed address.
const components = document.getElementById("components");
if (components) {
  // The library reads this class and starts only when it finds it; its own sheet hides things by it.
  body.classList.add("govuk-frontend-supported");
  import(components.href).then(
    (library) => library.initAll(),
    // Without its scripts the library's pages must look as they do without JavaScript.
    () => body.classList.remove("govuk-frontend-supported"),
  );
}

// A screen reader must hear first that something is wrong, not the page's title again.
const errors = document.querySelector(".govuk-error-summary");
if (errors) {
  errors.tabIndex = -1;
  errors.focus();
}

// One press, one request. The server has its own guard: this one spares a person the doubt.
const PATIENCE_MS = 10_000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  // Not form.method and form.target: a field of that name would hide them.
  const given = (name) => form.getAttribute(name)?.toLowerCase();
  if (event.defaultPrevented || given("method") !== "post" || given("target") === "_blank") return;
  if (form.ariaBusy === "true") {
    event.preventDefault();
    return;
  }
  form.ariaBusy = "true";
  // A download leaves the page where it is, and a lost connection may: then the form must be usable again.
  setTimeout(() => { form.ariaBusy = null; }, PATIENCE_MS);
});
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) form.ariaBusy = null;
});
