// @ts-check
/** Items in a room: the same quiz as on a page, with a model of the room's own and labels that say where one is. */
import quiz, { dataOf, markRule } from "./quiz.mjs";
import { addressOf } from "./site.mjs";
import { bar } from "./tools.mjs";

/** @typedef {import("./site.mjs").Entry} Entry */
/** @typedef {{responses: Record<string, any>, checked: Record<string, true>}} State */

/** A model over a room's state, which it hands on when it changes. @param {State} state @param {() => void} changed @returns {import("./quiz.mjs").Model} */
const modelOf = (state, changed) => ({
  get: (name) => /** @type {any} */ (state)[name],
  set: (name, value) => {
    /** @type {any} */ (state)[name] = value;
  },
  save_changes: changed,
  on: () => {},
});

/** @param {HTMLElement} item @param {string} label */
export function name(item, label) {
  item.setAttribute("aria-label", label);
  const line = /** @type {HTMLElement | null} */ (item.querySelector(".quiz-number"));
  if (line) line.textContent = label;
}

/**
 * Show items in an element: `practice` with checks and reasons, `sheet` without.
 * @param {HTMLElement} el @param {HTMLElement[]} items @param {"practice" | "sheet"} mode @param {State} state @param {() => void} changed
 */
export function present(el, items, mode, state, changed) {
  const set = document.createElement("div");
  set.className = "quiz";
  set.dataset.mode = mode;
  if (mode === "sheet") for (const part of items.flatMap((item) => [...item.querySelectorAll(".quiz-actions, .quiz-answer, .quiz-status")])) part.remove();
  set.append(...items);
  el.replaceChildren(set);
  quiz.render({ model: modelOf(state, changed), el });
}

/** @param {HTMLElement} item @param {Record<string, Entry>} entries */
export function addTools(item, entries) {
  const { id } = dataOf(item);
  item.append(bar(id, addressOf(id, entries[id])));
}

/** The mark of an item's response. @param {HTMLElement} item @param {any} response */
export const markOf = (item, response) => markRule(dataOf(item).rule, response);

/** Make an element. @param {string} tag @param {Record<string, string>} attributes @param {(Node | string)[]} content @returns {any} */
export function make(tag, attributes = {}, ...content) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

/** Move the focus, and with it a screen reader, to where the learner goes on. @param {HTMLElement} target */
export function goTo(target) {
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

/** Say that something could not be loaded, with a way to try again. @param {HTMLElement} el @param {() => void} again @param {string} [mend] */
export function failure(el, again, mend = "Check the connection.") {
  const retry = make("button", { type: "button" }, "Try again");
  retry.addEventListener("click", again);
  el.replaceChildren(make("p", { role: "alert" }, `The questions could not be loaded. ${mend} `), retry);
}

/** @param {HTMLElement} el */
export const waiting = (el) => el.replaceChildren(make("p", { role: "status" }, "Loading the questions…"));

/** What marking needs of items. @param {Map<string, HTMLElement>} items @returns {Map<string, import("./quiz.mjs").Part[]>} */
export const rulesOf = (items) => new Map([...items].map(([id, item]) => [id, dataOf(item).rule]));

/** Ask in a dialog that holds the text and the buttons. @param {HTMLDialogElement} dialog @param {string} text @param {string} yes @returns {Promise<boolean>} */
export function ask(dialog, text, yes) {
  const [said, accept] = [dialog.querySelector("p"), dialog.querySelector("[value=yes]")];
  if (said) said.textContent = text;
  if (accept) accept.textContent = yes;
  dialog.returnValue = "";
  dialog.showModal();
  const opened = performance.now();
  const early = (/** @type {Event} */ event) => performance.now() - opened < 500 && event.preventDefault(); // the second half of a double tap
  dialog.querySelector("form")?.addEventListener("submit", early);
  dialog.addEventListener("close", () => dialog.querySelector("form")?.removeEventListener("submit", early), { once: true });
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}
