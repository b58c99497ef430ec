// @ts-check
/**
 * The quiz, everywhere: JupyterLab (through anywidget) and the static site (through host.mjs).
 * Styles and queries stay inside `el`, and nothing counts across instances: a host may load this file more than once.
 */

/** @typedef {"right" | "partly" | "wrong" | "blank" | "malformed"} Outcome */
/** @typedef {{name: string, type: string, options: string[], key: string[], points: number, decides: boolean}} Part */
/** @typedef {{name: string, outcome: Outcome, score: number, points: number}} PartMark */
/** @typedef {{outcome: Outcome, score: number, points: number, parts: PartMark[]}} Mark */
/** @typedef {Record<string, string | string[]>} Response */
/** @typedef {{get: (name: string) => any, set: (name: string, value: any) => void, save_changes: () => void,
 *   on: (event: string, handler: () => void) => void, off?: (event: string, handler: () => void) => void}} Model */

/* ---- marking: the same as quizzes/marking.py; tests/marking-cases.json holds both to it ---- */

/** @param {unknown} value */
const isBlank = (value) =>
  value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);

/** What a value earns of its part, 0 to 1; null where it is malformed. @type {Record<string, (part: Part, value: any) => number | null>} */
const PART_TYPES = {
  one: (part, value) => {
    if (typeof value !== "string" || !part.options.includes(value)) return null;
    return part.key.includes(value) ? 1 : 0;
  },
  some: (part, value) => {
    if (!Array.isArray(value) || !value.every((choice) => part.options.includes(choice))) return null;
    if (new Set(value).size !== value.length) return null;
    const right = value.filter((choice) => part.key.includes(choice)).length;
    return Math.max(0, right - (value.length - right)) / part.key.length;
  },
};

/** @param {Part} part @param {unknown} value @param {boolean} counts @returns {PartMark} */
function markPart(part, value, counts) {
  const { name, points } = part;
  if (isBlank(value)) return { name, outcome: "blank", score: 0, points };
  const earned = PART_TYPES[part.type](part, value);
  if (earned === null) return { name, outcome: "malformed", score: 0, points };
  const outcome = earned === 1 ? "right" : earned > 0 ? "partly" : "wrong";
  return { name, outcome, score: counts ? earned * points : 0, points };
}

/** @param {PartMark[]} parts @param {number} score @param {PartMark | undefined} decided @returns {Outcome} */
function overall(parts, score, decided) {
  if (decided?.outcome === "blank" || parts.every((part) => part.outcome === "blank")) return "blank";
  if (parts.every((part) => part.outcome === "right")) return "right";
  return score > 0 ? "partly" : "wrong";
}

/** @param {{points: number}[]} parts */
const pointsOf = (parts) => parts.reduce((sum, part) => sum + part.points, 0);

/** @param {Part[]} rule @returns {Mark} */
function malformed(rule) {
  const outcome = /** @type {Outcome} */ ("malformed");
  return { outcome, score: 0, points: pointsOf(rule), parts: rule.map(({ name, points }) => ({ name, outcome, score: 0, points })) };
}

/** Mark a response against a rule. @param {Part[]} rule @param {any} response @returns {Mark} */
export function markRule(rule, response) {
  if (response === null || response === undefined) response = {};
  if (typeof response !== "object" || Array.isArray(response)) return malformed(rule);
  if (Object.keys(response).some((name) => !rule.some((part) => part.name === name))) return malformed(rule);
  /** @type {PartMark[]} */
  const parts = [];
  /** @type {PartMark | undefined} */
  let decided;
  for (const part of rule) {
    const counts = !decided || decided.outcome === "right";
    parts.push(markPart(part, response[part.name], counts));
    if (part.decides) decided = parts[parts.length - 1];
  }
  if (parts.some((part) => part.outcome === "malformed")) return malformed(rule);
  const score = parts.reduce((sum, part) => sum + part.score, 0);
  return { outcome: overall(parts, score, decided), score, points: pointsOf(rule), parts };
}

/* ---- one item on the page ---- */
const VERDICTS = {
  right: "Correct.",
  partly: "Partly correct.",
  wrong: "Not correct.",
  blank: "Not answered.",
  malformed: "Not answered. This answer does not fit the question: choose again.",
};

/** @param {string} value */
const quoted = (value) => `"${CSS.escape(value)}"`;

/** @param {Element} root @param {string} selector @returns {HTMLElement | null} */
const find = (root, selector) => root.querySelector(selector);

/** @param {Element} item @returns {{id: string, rule: Part[]}} */
export const dataOf = (item) => JSON.parse(/** @type {HTMLElement} */ (item).dataset.item ?? "{}");

/** @param {Element} item @returns {HTMLInputElement[]} */
const inputsOf = (item) => [...item.querySelectorAll("input")];

/** Read what is chosen; parts without a choice are left out. @param {Element} item */
function readResponse(item) {
  const response = /** @type {Response} */ ({});
  for (const input of inputsOf(item).filter((each) => each.checked)) {
    if (input.type === "radio") response[input.name] = input.value;
    else response[input.name] = [...(response[input.name] ?? []), input.value];
  }
  return response;
}

/** @param {Element} item @param {Response} response */
function showResponse(item, response) {
  for (const input of inputsOf(item)) {
    const value = response[input.name];
    input.checked = Array.isArray(value) ? value.includes(input.value) : value === input.value;
  }
}

/** What the page's answer says of an option. @param {Element} item @param {string} part @param {string} option */
const answerOf = (item, part, option) =>
  find(item, `.quiz-answer [data-part=${quoted(part)}][data-option=${quoted(option)}]`);

/** The label of an option as the learner reads it. @param {Element} item @param {string} part @param {string} option */
const labelOf = (item, part, option) => answerOf(item, part, option)?.querySelector("strong")?.textContent ?? option;

/** @param {Element} item @param {Mark} mark @param {Part[]} rule */
function verdict(item, mark, rule) {
  if (mark.outcome === "blank") {
    const legend = find(item, `fieldset[data-part=${quoted(rule[0].name)}] legend`)?.textContent ?? "";
    return `${VERDICTS.blank} Choose an option under “${legend}” first.`;
  }
  if (mark.outcome === "malformed") return VERDICTS.malformed;
  const [what, why] = rule.filter((part) => part.type === "one");
  const key = labelOf(item, what.name, what.key[0]).replace(/\.$/, "");
  const because = why ? ` What decides it: ${labelOf(item, why.name, why.key[0])}.` : "";
  return `${VERDICTS[mark.outcome]} The answer is: ${key}.${because}`;
}

/** The rationales of what was chosen, taken from the answer that the page already holds. @param {Element} item @param {Response} response @param {Mark} mark */
function reasons(item, response, mark) {
  const list = document.createElement("ul");
  for (const part of mark.parts) {
    for (const option of [response[part.name] ?? []].flat()) {
      list.append(answerOf(item, part.name, option)?.cloneNode(true) ?? "");
    }
  }
  return list;
}

/** Mark the keyed phrases in the scenario, asked for or not, or clear the marks. @param {Element} item @param {boolean} shown */
function markEvidence(item, shown) {
  for (const phrase of item.querySelectorAll("[data-phrase]")) {
    const name = /** @type {HTMLElement} */ (phrase).dataset.phrase ?? "";
    const wanted = shown && answerOf(item, "evidence", name)?.hasAttribute("data-keyed") ? "MARK" : "SPAN";
    if (phrase.tagName === wanted) continue;
    const fresh = document.createElement(wanted);
    fresh.dataset.phrase = name;
    fresh.append(...phrase.childNodes);
    phrase.replaceWith(fresh);
  }
}

/** @param {Element} item */
function clearFeedback(item) {
  item.removeAttribute("data-outcome");
  find(item, ".quiz-status")?.replaceChildren();
  markEvidence(item, false);
  for (const label of item.querySelectorAll("label")) label.removeAttribute("data-result");
  toggle(item, false);
}

/** Show the full answer and "Try again" once an item is checked. @param {Element} item @param {boolean} checked */
function toggle(item, checked) {
  for (const each of item.querySelectorAll(".quiz-retry, .quiz-answer")) each.toggleAttribute("hidden", !checked);
}

/** @param {Element} item @param {Response} response */
function showFeedback(item, response) {
  const { rule } = dataOf(item);
  const mark = markRule(rule, response);
  const status = find(item, ".quiz-status");
  if (!status) return;
  clearFeedback(item);
  item.setAttribute("data-outcome", mark.outcome);
  const line = document.createElement("p");
  line.textContent = verdict(item, mark, rule);
  status.append(line);
  if (mark.outcome === "blank" || mark.outcome === "malformed") return;
  status.append(reasons(item, response, mark));
  markEvidence(item, true);
  for (const input of inputsOf(item).filter((each) => each.checked)) {
    const keyed = rule.some((part) => part.name === input.name && part.key.includes(input.value));
    input.closest("label")?.setAttribute("data-result", keyed ? "right" : "wrong");
  }
  toggle(item, true);
}

/* ---- the set, and the model behind it ---- */
/** @param {Model} model @param {string} field @param {string} id @param {any} value a record's new value; undefined removes it */
function put(model, field, id, value) {
  const all = { ...(model.get(field) ?? {}) };
  if (value === undefined) delete all[id];
  else all[id] = value;
  model.set(field, all);
}

/**
 * Keep an item's state. `checked` goes first: a change of `responses` refreshes the items at once, by what is checked then.
 * @param {Model} model @param {string} id @param {Response | undefined} response @param {true | undefined} checked
 */
function keep(model, id, response, checked) {
  put(model, "checked", id, checked);
  put(model, "responses", id, response);
  save(model);
}

/** @param {Model} model */
function save(model) {
  try {
    model.save_changes();
  } catch {
    // a host without a kernel may refuse: the page carries on with what it holds
  }
}

/** @param {Element} item @param {Model} model */
function bindPractice(item, model) {
  const { id } = dataOf(item);
  const form = item.querySelector("form");
  const actions = find(item, ".quiz-actions");
  if (!form || !actions) return;
  actions.hidden = false;
  const summary = find(item, ".quiz-answer summary");
  if (summary) summary.textContent = "Why each option is right or wrong"; // the answer itself is told by the verdict
  toggle(item, false);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const response = readResponse(item);
    showFeedback(item, response);
    keep(model, id, response, true);
  });
  form.addEventListener("change", () => {
    clearFeedback(item);
    keep(model, id, readResponse(item), undefined);
  });
  find(item, ".quiz-retry")?.addEventListener("click", () => {
    form.reset();
    showResponse(item, {});
    clearFeedback(item);
    keep(model, id, undefined, undefined);
    item.querySelector("input")?.focus();
  });
}

/** @param {Element} item @param {Model} model */
function bindSheet(item, model) {
  const { id } = dataOf(item);
  const form = item.querySelector("form");
  form?.addEventListener("submit", (event) => event.preventDefault());
  form?.addEventListener("change", () => {
    put(model, "responses", id, readResponse(item));
    save(model);
  });
}

/** @param {Element} item @param {Model} model */
function restore(item, model) {
  const { id } = dataOf(item);
  const response = model.get("responses")?.[id] ?? {};
  if (JSON.stringify(response) !== JSON.stringify(readResponse(item))) {
    showResponse(item, response);
    clearFeedback(item);
  }
  if (model.get("checked")?.[id] && !item.hasAttribute("data-outcome")) showFeedback(item, readResponse(item));
}

/** @param {{model: Model, el: HTMLElement}} context @returns {() => void} */
function render({ model, el }) {
  if (!el.querySelector(".quiz")) el.insertAdjacentHTML("beforeend", model.get("html") ?? "");
  const quiz = /** @type {HTMLElement} */ (el.querySelector(".quiz"));
  const items = [...quiz.querySelectorAll(".quiz-item")];
  const bind = quiz.dataset.mode === "sheet" ? bindSheet : bindPractice;
  const refresh = () => items.forEach((item) => restore(item, model));
  const saved = () => {
    const line = find(quiz, ".quiz-saved");
    if (line) line.textContent = model.get("status") ?? "";
  };
  items.forEach((item) => bind(item, model));
  refresh();
  saved();
  model.on("change:responses", refresh);
  model.on("change:status", saved);
  return () => {
    model.off?.("change:responses", refresh);
    model.off?.("change:status", saved);
  };
}

export default { render };
