// @ts-check
/** The practice room before it is used: the choice stands in the page already, and the rest comes with the first touch. */
import { load } from "./site.mjs";
import { read } from "./store.mjs";

const TOUCHES = ["focusin", "pointerover", "change", "submit"];

/** @param {HTMLElement} room */
export function open(room) {
  let pressed = false;
  let woken = false;
  /** @param {Event} [event] */
  async function wake(event) {
    if (event?.type === "submit") pressed = true; // also while the session is on its way
    if (woken) return;
    woken = true;
    try {
      await (await load("session.mjs")).open(room, () => pressed);
      for (const touch of TOUCHES) room.removeEventListener(touch, wake);
    } catch {
      woken = pressed = false;
      const line = room.querySelector(".practice-matches");
      if (line) line.textContent = "The questions could not be loaded. Check the connection, then press Start again.";
    }
  }
  for (const touch of TOUCHES) room.addEventListener(touch, wake);
  window.addEventListener("hashchange", () => location.hash.includes("=") && wake());
  if (location.hash.includes("=") || read("session", "practice")) wake();
}
