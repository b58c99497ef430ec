// @ts-check
/** The static site's host: gives every quiz on the page a model that keeps answers in this browser. */
import quiz, { dataOf } from "./quiz.mjs";

const root = new URL(document.documentElement.dataset.content_root ?? "./", document.baseURI).pathname;
/** Sites may share an origin: the key carries this site's own path. @param {string} id */
const keyOf = (id) => `project-or-operation:1:${root}:${id}`;

/** @typedef {{response?: any, checked?: any}} Kept */
/** @param {string} id @returns {Kept} */
function read(id) {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(id)) ?? "{}");
    return kept && typeof kept === "object" && !Array.isArray(kept) ? kept : {};
  } catch {
    return {};
  }
}

/** @param {string} id @param {Kept} kept */
function write(id, kept) {
  try {
    if (kept.response === undefined) localStorage.removeItem(keyOf(id));
    else localStorage.setItem(keyOf(id), JSON.stringify(kept));
  } catch {
    // storage is blocked or full: answers last as long as the page
  }
}

/** One state for all quizzes of the page: an item that stands twice is one item. @type {Record<string, Record<string, any>>} */
const state = { responses: {}, checked: {} };
/** @type {(() => void)[]} */
const listeners = [];

/** @param {string} id */
function load(id) {
  const { response, checked } = read(id);
  delete state.responses[id];
  delete state.checked[id];
  if (response && typeof response === "object") state.responses[id] = response;
  if (checked === true) state.checked[id] = true;
}

/** A model that writes only what it changed, so that it never undoes what another tab has kept. @returns {import("./quiz.mjs").Model} */
function storedModel() {
  const changed = new Set();
  return {
    get: (name) => state[name],
    set: (name, value) => {
      const before = state[name];
      for (const id of Object.keys({ ...before, ...value })) if (before[id] !== value[id]) changed.add(id);
      state[name] = value;
      if (name === "responses") for (const tell of listeners) tell();
    },
    save_changes: () => {
      for (const id of changed) write(id, { response: state.responses[id], checked: state.checked[id] });
      changed.clear();
    },
    on: (event, handler) => {
      if (event === "change:responses") listeners.push(handler);
    },
  };
}

const hosts = [...document.querySelectorAll(".quiz-host")];
const ids = new Set([...document.querySelectorAll(".quiz-host [data-item]")].map((item) => dataOf(item).id));

for (const id of ids) load(id);
for (const host of hosts) quiz.render({ model: storedModel(), el: /** @type {HTMLElement} */ (host) });

window.addEventListener("storage", (event) => {
  const id = [...ids].find((each) => keyOf(each) === event.key);
  if (!id) return;
  load(id); // another tab has kept an answer to an item that stands here too
  for (const tell of listeners) tell();
});
