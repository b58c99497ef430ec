// @ts-check
/** The practice room before it is used: the choice stands in the page already, and the rest comes with the first touch. */
import { load } from "./site.mjs";
import { read } from "./store.mjs";

const TOUCHES = ["focusin", "pointerover", "change", "submit"];

/** @param {HTMLElement} room */
export function open(room) {
  let woken = false;
  let pressed = false;
  /** @param {Event} [event] */
  async function wake(event) {
    if (event?.type === "submit") {
      event.preventDefault();
      pressed = true; // also while the session is on its way
    }
    if (woken) return;
    woken = true;
    const session = await load("session.mjs");
    for (const touch of TOUCHES) room.removeEventListener(touch, wake);
    session.open(room, pressed);
  }
  for (const touch of TOUCHES) room.addEventListener(touch, wake);
  window.addEventListener("hashchange", () => location.hash.includes("=") && wake());
  if (location.hash.includes("=") || read("session", "practice")) wake();
}
