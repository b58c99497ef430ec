// @ts-check
/** The sheet of a blind reading: a box for doubts at each question, and a button that saves the answers as a file. */
import quiz, { dataOf } from "../quiz.mjs";

/** @typedef {{responses: Record<string, any>, doubts: Record<string, string>}} Sheet */

const SHOWN = 10; // numbers of questions in a line
const place = `blind-reading:${document.body.dataset.sheet}`;
const items = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".quiz-item")]);
const line = /** @type {HTMLElement} */ (document.querySelector(".save p"));

/** What was answered before the page was closed, where the browser keeps it. @returns {Sheet} */
function kept() {
  const empty = { responses: {}, doubts: {} };
  try {
    return { ...empty, ...JSON.parse(localStorage.getItem(place) ?? "{}") };
  } catch {
    return empty;
  }
}

const state = kept();

function keep() {
  try {
    localStorage.setItem(place, JSON.stringify(state));
  } catch {
    // a browser that keeps nothing: the file that is saved holds the answers
  }
}

/** Whether each part of a question, or each of its rows, has its choice. @param {HTMLElement} item */
function isAnswered(item) {
  const fields = /** @type {(HTMLInputElement | HTMLSelectElement)[]} */ ([...item.querySelectorAll("input, select")]);
  const chosen = fields.filter((field) => (field instanceof HTMLInputElement ? field.checked : field.value !== ""));
  return new Set(fields.map(({ name }) => name)).size === new Set(chosen.map(({ name }) => name)).size;
}

/** @param {HTMLElement} item */
const doubtOf = (item) => (state.doubts[dataOf(item).id] ?? "").trim();

/** The numbers of the questions that are not in the file. */
const open = () => items.flatMap((item, index) => (isAnswered(item) || doubtOf(item) ? [] : [index + 1]));

function count() {
  line.textContent = `${items.filter(isAnswered).length} of ${items.length} answered.`;
}

/** @param {HTMLElement} item */
function addDoubt(item) {
  const { id } = dataOf(item);
  const label = document.createElement("label");
  const box = document.createElement("textarea");
  label.className = "doubt";
  box.value = state.doubts[id] ?? "";
  label.append("Your doubt, if there is one", box);
  item.append(label);
  box.addEventListener("input", () => {
    state.doubts[id] = box.value;
    keep();
  });
}

function answers() {
  const given = items.filter((item) => isAnswered(item) || doubtOf(item));
  return given.map((item) => {
    const { id } = dataOf(item);
    const doubt = doubtOf(item);
    return { item: id, response: state.responses[id] ?? {}, ...(doubt ? { doubt } : {}) };
  });
}

function save() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(answers(), null, 1)], { type: "application/json" }));
  link.download = "answers.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
  line.textContent = told(open());
}

/** @param {number[]} left */
function told(left) {
  if (!left.length) return "Saved: answers.json has all answers.";
  const more = left.length > SHOWN ? ` and ${left.length - SHOWN} more` : "";
  return `Saved. Not in the file, since they are not wholly answered: ${left.slice(0, SHOWN).join(", ")}${more}.`;
}

const model = /** @type {import("../quiz.mjs").Model} */ ({
  get: (name) => (name === "responses" ? state.responses : undefined),
  set: (name, value) => {
    if (name === "responses") state.responses = value;
  },
  save_changes: () => {
    keep();
    count();
  },
  on: () => {},
});

quiz.render({ model, el: /** @type {HTMLElement} */ (document.querySelector(".quiz-host")) });
items.forEach(addDoubt);
count();
document.querySelector(".save button")?.addEventListener("click", save);
