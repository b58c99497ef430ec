// @ts-check
/** The static site's host: gives every quiz on the page a model that keeps answers in this browser. */
import quiz from "./quiz.mjs";

const root = new URL(document.documentElement.dataset.content_root ?? "./", document.baseURI).pathname;
/** Sites may share an origin: the key carries this site's own path. @param {string} id */
const keyOf = (id) => `project-or-operation:1:${root}:${id}`;

/** @param {string} key @returns {Record<string, any>} */
function read(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "{}");
    return kept && typeof kept === "object" && !Array.isArray(kept) ? kept : {};
  } catch {
    return {};
  }
}

/** @param {string} key @param {Record<string, any>} value */
function write(key, value) {
  try {
    if (value.response === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // storage is blocked or full: answers last as long as the page
  }
}

/** @param {string[]} ids @returns {import("./quiz.mjs").Model} */
function storedModel(ids) {
  /** @type {Record<string, any>} */
  const state = { responses: {}, checked: {} };
  for (const id of ids) {
    const { response, checked } = read(keyOf(id));
    if (response && typeof response === "object") state.responses[id] = response;
    if (checked === true) state.checked[id] = true;
  }
  return {
    get: (name) => state[name],
    set: (name, value) => {
      state[name] = value;
    },
    save_changes: () => {
      for (const id of ids) write(keyOf(id), { response: state.responses[id], checked: state.checked[id] });
    },
    on: () => {},
  };
}

for (const element of document.querySelectorAll(".quiz-host")) {
  const ids = [...element.querySelectorAll("[data-item]")].map(
    (item) => JSON.parse(/** @type {HTMLElement} */ (item).dataset.item ?? "{}").id,
  );
  quiz.render({ model: storedModel(ids), el: /** @type {HTMLElement} */ (element) });
}
