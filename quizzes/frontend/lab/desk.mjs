// @ts-check
/** What a study session needs of the page round it: keys of its own, the focus where something is new, and files to save. */

/** @typedef {{focus?: string, save?: {name: string, text: string}}} Word `focus` is a selector within the session */

const PATIENCE = 3_000; // milliseconds that what is asked for may take to appear

/** JupyterLab's one-key commands would fire on a focused button: "b" adds a cell, "x" deletes one. @param {Event} event */
const own = ({ target }) => target instanceof Element && target.setAttribute("data-lm-suppress-shortcuts", "true");

/** @param {string} name @param {string} text */
function save(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Move the focus, and with it a screen reader, to what is new once it is there. @param {Element} session @param {string} selector @param {number} asked */
function focus(session, selector, asked = performance.now()) {
  const found = /** @type {HTMLElement | null} */ (session.querySelector(selector));
  if (!found) {
    if (performance.now() - asked < PATIENCE) setTimeout(() => focus(session, selector, asked), 30);
    return;
  }
  if (!found.matches("button, input, select")) found.tabIndex = -1;
  found.focus({ preventScroll: true });
  found.scrollIntoView({ block: "nearest" });
}

/** @param {{model: {on: (event: string, act: any) => void, off: (event: string, act: any) => void}, el: HTMLElement}} context */
function render({ model, el }) {
  el.hidden = true;
  /** @type {Element | null} */
  let session = null;
  /** The widget is not in the page yet when it is drawn. */
  const settle = () => {
    session = el.closest(".quiz-study");
    session?.addEventListener("focusin", own, true);
    return session;
  };
  if (!settle()) requestAnimationFrame(settle);
  /** @param {Word} word */
  const heard = (word) => {
    if (word.save) save(word.save.name, word.save.text);
    if (word.focus && (session ?? settle())) focus(/** @type {Element} */ (session), word.focus);
  };
  model.on("msg:custom", heard);
  return () => {
    model.off("msg:custom", heard);
    session?.removeEventListener("focusin", own, true);
  };
}

export default { render };
