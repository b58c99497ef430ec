// @ts-check
/** Where a learner reports a question: the id that the link brought, ready to copy. */
import { make } from "./present.mjs";
import { button } from "./tools.mjs";

/** @param {HTMLElement} room */
export function open(room) {
  const id = new URLSearchParams(location.search).get("question");
  if (!id || !/^[a-z0-9-]+$/.test(id)) return;
  const copy = button("Copy the id", async () => {
    await navigator.clipboard.writeText(id);
    copy.textContent = "Copied";
  });
  room.replaceChildren(make("p", {}, "You came from the question ", make("code", {}, id), ". "), copy);
}
