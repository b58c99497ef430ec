// @ts-check
/** In the place of address.mjs in JupyterLab: one room of a notebook has an address and a history in memory, and a paper of its own. */
import { ask } from "./kernel.mjs";

/** @typedef {typeof import("../address.mjs")} Address */

let hash = "";
let steps = 0;
/** @type {Record<"move" | "leave" | "back", Set<() => void>>} */
const listeners = { move: new Set(), leave: new Set(), back: new Set() };

/** @param {keyof typeof listeners} event */
const tell = (event) => listeners[event].forEach((act) => act());
const leave = () => tell("leave");

/** @type {Address["asked"]} */
export const asked = () => hash;

/** @type {Address["goToHash"]} */
export const goToHash = (to) => {
  if (to === hash) return;
  hash = to;
  queueMicrotask(() => tell("move"));
};

/** @type {Address["onMove"]} */
export const onMove = (act) => void listeners.move.add(act);

/** @type {Address["onLeave"]} */
export const onLeave = (act) => void listeners.leave.add(act);

/** @type {Address["onBack"]} */
export const onBack = (act) => void listeners.back.add(act);

/** @type {Address["stepIn"]} */
export const stepIn = () => void (steps = 1);

/** @type {Address["stepBack"]} */
export const stepBack = () => {
  if (!steps) return;
  steps = 0;
  queueMicrotask(() => tell("back"));
};

/** @type {Address["practise"]} */
export const practise = (missed) => void ask({ what: "practise", ids: missed }).catch(() => {});

/** The report alone, on a page that is removed afterwards: the notebook round it is not printed. @type {Address["print"]} */
export const print = (report) => {
  const frame = document.createElement("iframe");
  frame.title = "The report, to print";
  frame.style.cssText = "border: 0; height: 0; position: fixed; width: 0";
  frame.srcdoc = `<!doctype html><html lang="en"><title>Report</title><body><main class="quiz-room"></main></body></html>`;
  frame.addEventListener("load", () => {
    const page = /** @type {Window} */ (frame.contentWindow);
    page.document.head.append(...[...document.querySelectorAll("style")].filter((each) => each.textContent?.includes(".exam-report")).map((each) => each.cloneNode(true)));
    page.document.querySelector("main")?.append(report.cloneNode(true));
    page.addEventListener("afterprint", () => frame.remove());
    page.print();
  });
  report.after(frame);
};

/** @type {Address["tellPage"]} */
export const tellPage = () => {};

export const MEND = "Run the cell of this room again: what you have done is kept there.";

/** Links within the room are its own. @param {Event} event */
function follow(event) {
  const link = /** @type {Element} */ (event.target).closest("a");
  const to = link?.getAttribute("href");
  if (!to?.startsWith("#")) return;
  event.preventDefault();
  if (event.type === "click") goToHash(to.slice(1));
}

/** @param {HTMLElement} el @returns {() => void} what ends it */
export function enter(el) {
  for (const event of ["click", "auxclick"]) el.addEventListener(event, follow);
  window.addEventListener("pagehide", leave);
  return () => window.removeEventListener("pagehide", leave);
}
