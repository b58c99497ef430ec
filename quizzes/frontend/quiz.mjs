// @ts-check
/**
 * The quiz, everywhere: JupyterLab (through anywidget) and the static site (through host.mjs).
 * Styles and queries stay inside `el`, and nothing counts across instances: a host may load this file more than once.
 */

/** @typedef {"right" | "partly" | "wrong" | "blank" | "malformed"} Outcome */
/** @typedef {{name: string, type: string, options: string[], key: string[], points: number, decides: boolean,
 *   groups?: string[]}} Part */
/** @typedef {{name: string, outcome: Outcome, score: number, points: number}} PartMark */
/** @typedef {{outcome: Outcome, score: number, points: number, parts: PartMark[]}} Mark */
/** @typedef {string | string[] | Record<string, string>} Value */
/** @typedef {Record<string, Value>} Response */
/** @typedef {{get: (name: string) => any, set: (name: string, value: any) => void, save_changes: () => void,
 *   on: (event: string, handler: () => void) => void, off?: (event: string, handler: () => void) => void}} Model */

/* ---- marking: the same as quizzes/marking.py; tests/marking-cases.json holds both to it ---- */

/** @param {unknown} value */
const isBlank = (value) =>
  value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether every row and place of a value is one of the part's. @param {Part} part @param {unknown} value */
const fits = (part, value) =>
  isRecord(value) &&
  Object.entries(value).every(([row, place]) => part.options.includes(row) && part.groups?.includes(/** @type {string} */ (place)));

/** How many pairs of steps stand in order, out of order, and are there. @param {Part} part @param {Record<string, unknown>} value */
function pairs(part, value) {
  const places = part.key.map((row) => (Object.hasOwn(value, row) ? Number(value[row]) : NaN));
  const found = [0, 0, 0];
  places.forEach((later, index) => {
    for (const earlier of places.slice(0, index)) {
      found[2] += 1;
      if (!Number.isNaN(earlier + later)) found[earlier < later ? 0 : 1] += 1;
    }
  });
  return found;
}

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
    const weight = Math.max(1, part.key.length / (part.options.length - part.key.length));
    return Math.max(0, right - (value.length - right) * weight) / part.key.length;
  },
  match: (part, value) => {
    if (!fits(part, value)) return null;
    const places = Object.entries(value);
    const right = places.filter(([row, place]) => part.key[part.options.indexOf(row)] === place).length;
    const groups = part.groups?.length ?? 2;
    return Math.max(0, right - (places.length - right) / (groups - 1)) / part.options.length;
  },
  order: (part, value) => {
    if (!fits(part, value)) return null;
    const [right, wrong, all] = pairs(part, value);
    return Math.max(0, right - wrong) / all;
  },
};

/** @param {Part} part @param {unknown} value @param {boolean} counts @returns {PartMark} */
function markPart(part, value, counts) {
  const { name, points } = part;
  const unplaced = part.groups && isRecord(value) && Object.keys(value).length === 0;
  if (isBlank(value) || unplaced) return { name, outcome: "blank", score: 0, points };
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

/** @typedef {HTMLInputElement | HTMLSelectElement} Field a field's name is its part's, with the row where rows are placed: `sort:a` */
/** The fields of the answer. @param {Element} item @returns {Field[]} */
const fieldsOf = (item) => [...item.querySelectorAll(/** @type {"input"} */ ("input:not([data-sure]), select"))];

/** @param {Field} field */
const isChosen = (field) => (field instanceof HTMLSelectElement ? field.value !== "" : field.checked);

/** Read what is chosen; parts without a choice are left out. @param {Element} item */
function readResponse(item) {
  const response = /** @type {Record<string, any>} */ ({});
  for (const field of fieldsOf(item).filter(isChosen)) {
    const [part, row] = field.name.split(":");
    if (row) response[part] = { ...response[part], [row]: field.value };
    else if (field.type === "checkbox") response[part] = [...(response[part] ?? []), field.value];
    else response[part] = field.value;
  }
  return /** @type {Response} */ (response);
}

/** @param {Element} item @param {Response} response */
function showResponse(item, response) {
  for (const field of fieldsOf(item)) {
    const [part, row] = field.name.split(":");
    const given = response[part];
    const value = row ? isRecord(given) && given[row] : given;
    if (field instanceof HTMLSelectElement) field.value = typeof value === "string" ? value : "";
    else field.checked = Array.isArray(value) ? value.includes(field.value) : value === field.value;
  }
}

/** The right place of a row. @param {Part} part @param {string} row */
const placeOf = (part, row) =>
  part.type === "order" ? String(part.key.indexOf(row) + 1) : part.key[part.options.indexOf(row)];

/** Whether what a field holds is right. @param {Part[]} rule @param {Field} field */
function isKeyed(rule, field) {
  const [name, row] = field.name.split(":");
  const part = rule.find((each) => each.name === name);
  if (part && row) return placeOf(part, row) === field.value;
  return part?.key.includes(field.value) ?? false;
}

/** What the page's answer says of an option. @param {Element} item @param {string} part @param {string} option */
const answerOf = (item, part, option) =>
  find(item, `.quiz-answer [data-part=${quoted(part)}][data-option=${quoted(option)}]`);

/** The label of an option as the learner reads it. @param {Element} item @param {string} part @param {string} option */
const labelOf = (item, part, option) => answerOf(item, part, option)?.querySelector("strong")?.textContent ?? option;

/** @param {Element} item @param {Mark} mark @param {Part[]} rule */
function verdict(item, mark, rule) {
  if (mark.outcome === "blank") {
    const legend = find(item, `fieldset[data-part=${quoted(rule[0].name)}] legend`)?.textContent;
    return `${VERDICTS.blank} ${legend ? `Choose an option under “${legend}” first.` : "Fill a gap first."}`;
  }
  return mark.outcome === "malformed" ? VERDICTS.malformed : `${VERDICTS[mark.outcome]} ${outcomeLine(item, mark, rule)}${leftOpen(item, mark)}`;
}

/** What was not answered, or was right and earned nothing, so that neither is lost without a word. @param {Element} item @param {Mark} mark */
function leftOpen(item, mark) {
  const asked = mark.parts.map(({ name, outcome }) => outcome === "blank" && find(item, `fieldset[data-part=${quoted(name)}] legend`)?.textContent).filter(Boolean);
  const unearned = mark.parts.some(({ outcome, score }) => outcome === "right" && !score) ? " What you got right besides counts only with the right class." : "";
  return asked.length ? `${unearned} Not answered: ${asked.map((text) => `“${text}”`).join(", ")}` : unearned;
}

/** What the right answer is, or how much of it was right. @param {Element} item @param {Mark} mark @param {Part[]} rule */
function outcomeLine(item, mark, rule) {
  const [what, why] = rule.filter((part) => part.type === "one" || part.type === "some");
  if (what?.decides) {
    const keys = what.key.map((option) => labelOf(item, what.name, option).replace(/\.$/, "")).join("; ");
    const because = why?.type === "one" ? ` What decides it: ${labelOf(item, why.name, why.key[0])}.` : "";
    return `${what.type === "one" ? "The answer is" : "The answers are"}: ${keys}.${because}`;
  }
  if (rule.length > 1 || rule[0].type === "one") {
    const right = mark.parts.filter((part) => part.outcome === "right").length;
    return `${right} of ${rule.length} right.`;
  }
  if (rule[0].type === "order") {
    const value = readResponse(item)[rule[0].name];
    const [inOrder, , all] = pairs(rule[0], isRecord(value) ? value : {});
    return `${inOrder} of ${all} pairs of steps are in the right order.`;
  }
  const right = fieldsOf(item).filter((field) => isChosen(field) && isKeyed(rule, field)).length;
  return `${right} of ${rule[0].options.length} are in the right place.`;
}

/** The options whose rationales answer a value: what was chosen, and rows that stand in a wrong place. @param {Part} part @param {Value} value */
function toExplain(part, value) {
  if (!isRecord(value)) return [value].flat();
  if (part.type === "order") return PART_TYPES.order(part, value) === 1 ? [] : part.key;
  return part.options.filter((row) => row in value && value[row] !== placeOf(part, row));
}

/** @param {Part} part @param {string} row @param {Value} value */
const placedRightly = (part, row, value) =>
  part.type === "order" && isRecord(value) && value[row] === placeOf(part, row);

/** The rationales of what was chosen, taken from the answer that the page already holds. @param {Element} item @param {Response} response @param {Part[]} rule */
function reasons(item, response, rule) {
  const list = document.createElement("ul");
  for (const part of rule) {
    for (const option of toExplain(part, response[part.name] ?? [])) {
      const reason = /** @type {HTMLElement | undefined} */ (answerOf(item, part.name, option)?.cloneNode(true));
      if (placedRightly(part, option, response[part.name])) reason?.querySelector(".quiz-mend")?.remove();
      list.append(reason ?? "");
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

/** Show the full answer and "Try again" once an item is checked; how sure one is is asked before, and not again. @param {Element} item @param {boolean} checked */
function toggle(item, checked) {
  if (checked) find(item, ".quiz-sure")?.remove();
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
  status.append(reasons(item, response, rule));
  markEvidence(item, true);
  for (const field of fieldsOf(item)) {
    const [chosen, keyed] = [isChosen(field), isKeyed(rule, field)];
    if (chosen) field.closest("label")?.setAttribute("data-result", keyed ? "right" : "wrong");
    else if (keyed && field instanceof HTMLInputElement) field.closest("label")?.setAttribute("data-result", "key");
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

/**
 * Two steps of an order cannot have one number: a step gives its number up once another one has been left with it.
 * Not on each change, since arrow keys pass other numbers on their way. @param {EventTarget | null} target @returns {boolean} whether one did
 */
function freeNumber(target) {
  if (!(target instanceof HTMLSelectElement) || target.value === "") return false;
  const others = [...(target.closest(".quiz-part-order")?.querySelectorAll("select") ?? [])];
  const same = others.filter((other) => other !== target && other.value === target.value);
  for (const other of same) other.value = "";
  return same.length > 0;
}

/* What only a script can use is not in the page. */
const ACTIONS = `<div class="quiz-actions"><button type="submit" class="quiz-check">Check answer</button>
<button type="button" class="quiz-retry" hidden>Try again</button></div><div class="quiz-status" role="status"></div>`;

/* Asked in a study session, where answers show how well learners know what they know; the values are percent. */
const SURE = `<fieldset class="quiz-sure"><legend>How sure are you?</legend>
<label><input type="radio" name="sure" value="50" data-sure> <span>Guessing</span></label>
<label><input type="radio" name="sure" value="70" data-sure> <span>Fairly sure</span></label>
<label><input type="radio" name="sure" value="90" data-sure> <span>Certain</span></label></fieldset>`;

/** @param {Element} item @returns {number | undefined} */
const sureOf = (item) => Number(/** @type {HTMLInputElement | null} */ (find(item, "[data-sure]:checked"))?.value) || undefined;

/** JupyterLab's one-key commands would fire on a focused field: "b" adds a cell, "x" deletes one. @param {Element} item */
function suppressShortcuts(item) {
  for (const each of item.querySelectorAll("input, select, button, summary")) each.setAttribute("data-lm-suppress-shortcuts", "true");
}

/** @param {Element} item @param {Model} model */
function bindPractice(item, model) {
  const { id } = dataOf(item);
  const form = item.querySelector("form");
  if (!form) return;
  if (!find(form, ".quiz-actions")) form.insertAdjacentHTML("beforeend", `${model.get("asks_sure") ? SURE : ""}${ACTIONS}`);
  const summary = find(item, ".quiz-answer summary");
  if (summary) summary.textContent = "Why each option is right or wrong"; // the answer itself is told by the verdict
  toggle(item, false);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const response = readResponse(item);
    if (find(item, ".quiz-sure")) put(model, "sure", id, sureOf(item));
    showFeedback(item, response);
    keep(model, id, response, true);
  });
  const changed = () => {
    clearFeedback(item);
    keep(model, id, readResponse(item), undefined);
  };
  form.addEventListener("change", ({ target }) => target instanceof HTMLElement && "sure" in target.dataset || changed());
  form.addEventListener("focusout", (event) => {
    if (freeNumber(event.target)) changed();
  });
  find(item, ".quiz-retry")?.addEventListener("click", () => {
    form.reset();
    showResponse(item, {});
    clearFeedback(item);
    keep(model, id, undefined, undefined);
    fieldsOf(item)[0]?.focus();
  });
}

/** @param {Element} item @param {Model} model */
function bindSheet(item, model) {
  const { id } = dataOf(item);
  const form = item.querySelector("form");
  form?.addEventListener("submit", (event) => event.preventDefault());
  const changed = () => {
    put(model, "responses", id, readResponse(item));
    save(model);
  };
  form?.addEventListener("change", changed);
  form?.addEventListener("focusout", (event) => {
    if (freeNumber(event.target)) changed();
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
  for (const item of items) {
    bind(item, model);
    suppressShortcuts(item);
  }
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
