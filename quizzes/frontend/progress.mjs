// @ts-check
/** The progress room: draws where the learner stands, and takes the data out, in and away. */
import { make } from "./present.mjs";
import { loadIndex } from "./site.mjs";
import { damagedSection, sections } from "./standing.mjs";
import * as store from "./store.mjs";
import { add, exported, FileError, fromText, MOST_BYTES, told } from "./transfer.mjs";

/** @type {import("./site.mjs").Index} */
let index;
/** @type {HTMLElement} */
let room;

/** @param {string} selector @returns {any} */
const find = (selector) => room.querySelector(selector);

/* ---- drawing ---- */

/** Where the focus is among what can have it, so that a fresh drawing does not lose it. @param {HTMLElement} el */
const stops = (el) => /** @type {HTMLElement[]} */ ([...el.querySelectorAll("a, button, summary, [tabindex]")]);

function draw() {
  const place = find(".progress-figures");
  const focused = stops(place).indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const drawn = sections(index, draw);
  place.replaceChildren(...damagedSection(), ...drawn);
  find(".quiz-notice").textContent = store.keptNot();
  find(".progress-start").hidden = drawn.length > 0;
  if (focused >= 0) stops(place)[focused]?.focus({ preventScroll: true });
  find("[name=streak]").checked = store.read("setting", "streak") !== "off";
}

let drawing = 0;
/** Draw once for many changes: an import writes hundreds of records. */
function drawSoon() {
  cancelAnimationFrame(drawing);
  drawing = requestAnimationFrame(draw);
}

/* ---- the data ---- */

/** @param {string} text */
const say = (text) => (find(".progress-said").textContent = text);

function download() {
  const now = new Date();
  const date = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  const address = URL.createObjectURL(new Blob([JSON.stringify(exported(), null, 1)], { type: "application/json" }));
  const made = make("a", { href: address, download: `project-or-operation-progress-${date}.json` });
  room.append(made);
  made.click();
  made.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // a browser may read it late
  say("Exported. The file is where your browser keeps downloads.");
}

/** @param {File} file */
async function importFile(file) {
  try {
    const content = fromText(file.size > MOST_BYTES ? " ".repeat(MOST_BYTES + 1) : await file.text());
    say(told(add(content), content.left));
  } catch (error) {
    say(error instanceof FileError ? error.message : "This file could not be opened. Nothing was changed.");
  }
}

function openDialog() {
  const dialog = find("dialog");
  dialog.showModal();
  find(".progress-keep").focus();
}

function removeAll() {
  store.reset();
  find("dialog").close();
  say("Everything was removed from this browser.");
}

function bind() {
  for (const each of room.querySelectorAll(".progress-export")) each.addEventListener("click", download);
  find("[type=file]").addEventListener("change", async (/** @type {Event} */ { target }) => {
    const input = /** @type {HTMLInputElement} */ (target);
    if (input.files?.[0]) await importFile(input.files[0]);
    input.value = ""; // the same file may be chosen again
  });
  find(".progress-reset").addEventListener("click", openDialog);
  find(".progress-keep").addEventListener("click", () => find("dialog").close());
  find(".progress-remove").addEventListener("click", removeAll);
  find("[name=streak]").addEventListener("change", (/** @type {Event} */ { target }) =>
    store.write("setting", "streak", /** @type {HTMLInputElement} */ (target).checked ? undefined : "off"));
}

/** @param {HTMLElement} el */
export async function open(el) {
  room = el;
  index = await loadIndex();
  bind();
  draw();
  find(".progress-wait").remove();
  for (const part of room.querySelectorAll(".progress-figures, .progress-data")) part.removeAttribute("hidden");
  store.watch(drawSoon);
}
