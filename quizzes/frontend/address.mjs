// @ts-check
/** The page's address, history and paper, as an exam uses them. In JupyterLab lab/address.mjs stands in: a notebook's address stays. */

/** What the address asks for. */
export const asked = () => location.hash.slice(1);

/** @param {string} hash */
export const goToHash = (hash) => void (location.hash = hash);

/** @param {() => void} act */
export const onMove = (act) => window.addEventListener("hashchange", act);

/** @param {() => void} act */
export const onLeave = (act) => window.addEventListener("pagehide", act);

/** Make a step, so that the browser's own Back leads to the report. */
export const stepIn = () => history.state?.review || history.pushState({ review: true }, "");

export const stepBack = () => history.back();

/** @param {() => void} act */
export const onBack = (act) => window.addEventListener("popstate", act);

/** @param {string[]} _missed the ids of an exam's misses; a page works out what is missed by then */
export const practise = (_missed) => location.assign(new URL("practice.html#which=missed", location.href));

/** @param {HTMLElement} _report */
export const print = (_report) => window.print();

/** What shows, for the styles of the page round the room. @param {string} view */
export function tellPage(view) {
  document.documentElement.dataset.exam = ["running", "break", "paused"].includes(view) ? "open" : "";
  document.documentElement.toggleAttribute("data-focus", view === "report");
}

/** What helps where questions cannot be loaded. */
export const MEND = "Check the connection.";
