// @ts-check
/** What a study session needs of the page round it: keys of its own, the focus on what is new, words for screen readers, files to save. */

/** @typedef {{focus?: string, save?: {name: string, text: string}, say?: string}} Word `focus` is a selector within the session */
/** @typedef {{get: (name: string) => any, on: (event: string, act: any) => void, off: (event: string, act: any) => void}} Model */

const PATIENCE = 3_000; // milliseconds that what is asked for may take to appear
const GONE = "The kernel has stopped: what you answer here is not kept. Run the cell again.";
const USED = Symbol.for("project-or-operation:session"); // the session that was used last: a notebook may show one twice

/** @param {string} name @param {string} text */
function save(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Act on an element of the session once it is there. @param {Element} session @param {string} selector @param {(found: HTMLElement) => void} act @param {number} asked */
function once(session, selector, act, asked = performance.now()) {
  const found = /** @type {HTMLElement | null} */ (session.querySelector(selector));
  if (found) act(found);
  else if (performance.now() - asked < PATIENCE) setTimeout(() => once(session, selector, act, asked), 30);
}

/** Move the focus, and with it a screen reader, to what is new. @param {HTMLElement} found */
function focus(found) {
  if (!found.matches("button, input, select")) found.tabIndex = -1;
  found.focus({ preventScroll: true });
  found.scrollIntoView({ block: "nearest" });
}

/** @param {Element} session @param {number} current */
const showCurrent = (session, current) => once(session, ".study-menu button", ({ parentElement }) => {
  [...(parentElement?.children ?? [])].forEach((each, place) => (place === current ? each.setAttribute("aria-current", "page") : each.removeAttribute("aria-current")));
});

/** @param {Model} model @param {HTMLElement} el @param {Element} session @returns {() => void} what ends it */
function start(model, el, session) {
  const live = document.createElement("div");
  live.className = "study-live";
  live.setAttribute("role", "status");
  el.replaceChildren(live);
  /** JupyterLab's one-key commands would fire on a focused button: "b" adds a cell, "x" deletes one. @param {Event} event */
  const own = ({ target }) => target instanceof Element && target.setAttribute("data-lm-suppress-shortcuts", "true");
  const used = () => void (/** @type {any} */ (globalThis)[USED] = session);
  const current = () => showCurrent(session, model.get("current"));
  /** @param {Word} word */
  const heard = (word) => {
    if (word.save) save(word.save.name, word.save.text);
    if (word.say !== undefined) live.textContent = word.say;
    if (word.focus) live.textContent = "";
    if (word.focus && (/** @type {any} */ (globalThis)[USED] ?? session) === session) once(session, word.focus, focus);
  };
  const gone = () => {
    el.className = "study-notice";
    el.setAttribute("role", "alert");
    el.textContent = GONE;
  };
  current();
  const onPage = /** @type {[string, any][]} */ ([["focusin", own], ["pointerdown", used], ["keydown", used]]);
  const onModel = /** @type {[string, any][]} */ ([["msg:custom", heard], ["change:current", current], ["comm_live_update", gone]]);
  for (const [event, act] of onPage) session.addEventListener(event, act, true);
  for (const [event, act] of onModel) model.on(event, act);
  return () => {
    for (const [event, act] of onPage) session.removeEventListener(event, act, true);
    for (const [event, act] of onModel) model.off(event, act);
  };
}

/** @param {{model: Model, el: HTMLElement}} context */
function render({ model, el }) {
  let stop = () => {};
  let ended = false;
  /** The widget is not in the page yet when it is drawn. */
  const settle = () => {
    const session = el.closest(".quiz-study");
    if (session) stop = start(model, el, session);
    else if (!ended) setTimeout(settle, 30);
  };
  settle();
  return () => {
    ended = true;
    stop();
  };
}

export default { render };
