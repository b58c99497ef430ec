// @ts-check
/** The static site's host: gives every quiz on the page a model that keeps answers in this browser, and starts the page's room. */
import { log } from "./attempts.mjs";
import quiz, { dataOf, markRule } from "./quiz.mjs";
import { load } from "./site.mjs";
import * as store from "./store.mjs";
import { bar } from "./tools.mjs";

/** One state for all quizzes of the page: an item that stands twice is one item. @type {Record<string, Record<string, any>>} */
const state = { responses: {}, checked: {} };
/** @type {(() => void)[]} */
const listeners = [];

/** @param {string} id */
function recall(id) {
  const { response, checked } = store.read("item", id) ?? {};
  delete state.responses[id];
  delete state.checked[id];
  if (response) state.responses[id] = response;
  if (checked === true) state.checked[id] = true;
}

/** Keep what an item's answer is now; the rest of its record stays. @param {string} id */
function keep(id) {
  const response = state.responses[id];
  store.update("item", id, ({ response: _, checked: __, ...rest }) => ({
    ...rest, ...(response === undefined ? {} : { response }), ...(state.checked[id] ? { checked: true } : {}),
  }));
}

/** A model that writes only what it changed, so that it never undoes what another tab has kept. @param {Map<string, any>} rules @returns {import("./quiz.mjs").Model} */
function storedModel(rules) {
  /** @type {Set<string>} */
  const changed = new Set();
  /** @type {Set<string>} */
  const checks = new Set();
  return {
    get: (name) => state[name],
    set: (name, value) => {
      const before = state[name];
      const ids = Object.keys({ ...before, ...value }).filter((id) => before[id] !== value[id]);
      for (const id of ids) changed.add(id);
      state[name] = value;
      if (name === "responses") for (const tell of listeners) tell();
      else for (const id of ids) checks.add(id);
    },
    save_changes: () => {
      for (const id of changed) keep(id);
      for (const id of checks) if (state.checked[id]) log(id, markRule(rules.get(id), state.responses[id]).outcome, { where: "page", chose: state.responses[id]?.class });
      changed.clear();
      checks.clear();
      notice();
    },
    on: (event, handler) => {
      if (event === "change:responses") listeners.push(handler);
    },
  };
}

/** Say once, above the first quiz, that answers are not kept. */
function notice() {
  const text = store.keptNot();
  const place = document.querySelector(".quiz-host, .quiz-room");
  if (!text || !place || document.querySelector(".quiz-notice")) return;
  const line = document.createElement("p");
  line.className = "quiz-notice";
  line.setAttribute("role", "status");
  line.textContent = text;
  place.after(line);
}

const hosts = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".quiz-host")]);
/** @type {Map<string, any>} */
const rules = new Map();
for (const item of document.querySelectorAll(".quiz-host [data-item]")) {
  const { id, rule } = dataOf(item);
  rules.set(id, rule);
  recall(id);
  item.append(bar(id, `#item-${id}`));
}
for (const el of hosts) quiz.render({ model: storedModel(rules), el });

store.watch((kind, id) => {
  if (kind && (kind !== "item" || !rules.has(id))) return;
  for (const each of kind ? [id] : rules.keys()) recall(each); // another tab has kept an answer to an item that stands here too
  for (const tell of listeners) tell();
});

for (const room of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".quiz-room"))) {
  load(`${room.dataset.room}.mjs`).then((module) => module.open(room));
}
notice();
const print = () => load("print.mjs").then((printing) => printing.watchPrinting());
if (document.readyState === "complete") print(); // from disk, this module comes after the page
else addEventListener("load", print);
