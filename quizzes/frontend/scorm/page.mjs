// @ts-check
/** A sheet of questions in a learning platform: answered, handed in once, then shown with its score and the reasons. */
import quiz, { dataOf } from "../quiz.mjs";
import { read, write } from "./kept.mjs";
import { connect } from "./lms.mjs";
import { plain, record, shareOf, tellAnswers, total } from "./marks.mjs";

const SOON = 1500; // ms of quiet before the platform is asked to store
const NO_LMS = "No learning platform was found: answers are not kept here and no score is recorded. The questions work all the same.";
const NOT_KEPT = "Your learning platform cannot keep these answers: hand in before you close this page.";
const CHANGED = "The questions have changed since you were last here: please answer them again.";
const STANDS = "You have handed this in before, and that score stands: nothing you do here is kept.";
const PREVIEW = "Your learning platform opened this without recording: nothing you do here is kept.";

/** @param {string} selector @param {ParentNode} [root] @returns {any} */
const get = (selector, root = document) => root.querySelector(selector);

const version = document.body.dataset.scorm ?? "";
/** @type {DocumentFragment} */
const source = get("template").content;
const items = [...source.querySelectorAll("[data-item]")].map(dataOf);
const sources = new Map([...source.querySelectorAll("[data-item]")].map((element, index) => [items[index].id, element]));
const [place, notice, outcome, end, dialog] = [".scorm-sheet", ".scorm-notice", ".scorm-outcome", ".scorm-end", "dialog"].map((name) => get(name));
const lms = connect(version);
let recorded = lms.open() && !["review", "browse"].includes(lms.get("mode"));
/** @type {{responses: Record<string, any>, checked: Record<string, true>}} */
const state = { responses: {}, checked: {} };
let done = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;

/** Say a line, or nothing; the same line is not said twice. @param {string} text */
function say(text) {
  if (notice.textContent !== text) notice.textContent = text;
}

/** Keep the answers, where they fit: a platform may cut a text that is too long. @returns {boolean} */
function keep() {
  const text = write(items, { responses: state.responses, done });
  return text.length <= lms.dialect.room && lms.set("cmi.suspend_data", text);
}

function store() {
  clearTimeout(waiting);
  waiting = undefined;
  if (!lms.commit()) say(NOT_KEPT);
}

/** @param {{id: string, rule: import("../quiz.mjs").Part[]}} item */
const isAnswered = ({ id, rule }) => rule.every(({ name, groups, options }) => {
  const value = state.responses[id]?.[name];
  return groups ? Object.keys(value ?? {}).length === options.length : value !== undefined;
});

/** @returns {number} */
function count() {
  const answered = items.filter(isAnswered).length;
  get(".scorm-count").textContent = `${answered} of ${items.length} answered`;
  return answered;
}

function changed() {
  count();
  if (!recorded || done) return;
  say(keep() ? "" : NOT_KEPT);
  clearTimeout(waiting);
  waiting = setTimeout(store, SOON);
}

/** The questions as a new element, bound to the answers. @param {"sheet" | "practice"} mode @returns {HTMLElement} */
function made(mode) {
  const el = document.createElement("div");
  el.append(source.cloneNode(true));
  get(".quiz", el).dataset.mode = mode;
  if (mode === "sheet") for (const answer of el.querySelectorAll(".quiz-answer")) answer.remove();
  const model = {
    get: (/** @type {string} */ name) => /** @type {any} */ (state)[name],
    set: (/** @type {string} */ name, /** @type {any} */ value) => {
      /** @type {any} */ (state)[name] = value;
    },
    save_changes: changed,
    on: () => {},
  };
  quiz.render({ model, el });
  return el;
}

/** Show an item's mark with the answer, and let nothing be changed. @param {Element} item @param {import("../quiz.mjs").Mark} mark */
function close(item, mark) {
  const [number, status] = [get(".quiz-number", item), get(".quiz-status", item)];
  const label = `${number.textContent}: ${plain(mark.score, 2)} of ${plain(mark.points, 2)} ${mark.points === 1 ? "point" : "points"}`;
  number.textContent = label;
  item.setAttribute("aria-label", label);
  status.removeAttribute("role"); // hundreds would speak at once
  get(".quiz-actions", item).remove();
  get(".quiz-answer", item).hidden = false;
  if (mark.outcome === "blank") status.textContent = "Not answered: no points.";
  for (const field of item.querySelectorAll(/** @type {"input"} */ ("input, select"))) field.disabled = true;
}

/** Show the score, and every question with its reasons. */
function showResult() {
  const found = total(items, state.responses);
  items.forEach(({ id }, index) => {
    if (found.marks[index].outcome !== "blank") state.checked[id] = true;
  });
  const el = made("practice");
  [...el.querySelectorAll(".quiz-item")].forEach((item, index) => close(item, found.marks[index]));
  place.replaceChildren(el);
  get("h2", outcome).textContent = `Your score: ${plain(found.score, 2)} of ${plain(found.points, 2)} points, ${plain(shareOf(found) * 100, 1)} %`;
  outcome.hidden = false;
  end.hidden = true;
  return found;
}

/** @param {string} id @param {string} part */
const legendOf = (id, part) =>
  get(`[data-part="${CSS.escape(part)}"]`, sources.get(id))?.querySelector("legend, .quiz-hidden")?.textContent ?? "";

/** Send the score; where it was not taken, offer to send it again. @param {number} share */
function send(share) {
  const [line, again] = [get(".scorm-recorded"), get(".scorm-again")];
  const fault = record(lms, version, share);
  again.hidden = !fault;
  if (fault) line.textContent = `Your learning platform did not record it (${fault}). Send it again, or tell your instructor this score.`;
  else {
    line.textContent = "Your learning platform has recorded it.";
    tellAnswers(lms, version, items, state.responses, legendOf);
  }
}

function handIn() {
  clearTimeout(waiting);
  done = true;
  const { score, points } = showResult();
  if (recorded) {
    say(keep() ? "" : "Your learning platform cannot keep these answers: read the reasons before you close this page.");
    get(".scorm-again").addEventListener("click", () => send(shareOf({ score, points })));
    send(shareOf({ score, points }));
  } else get(".scorm-recorded").textContent = "It is not recorded.";
  get("h2", outcome).focus();
}

/** Ask first: an answer cannot be changed afterwards. */
function ask() {
  const open = items.length - count();
  const left = open === 1 ? "1 question is not answered in full." : `${open} questions are not answered in full.`;
  get("p", dialog).textContent = `Hand in now? ${open ? `${left} ` : ""}You cannot change your answers afterwards.`;
  dialog.returnValue = "";
  dialog.showModal();
}

/** @param {MediaQueryList | MediaQueryListEvent} dark */
function colour({ matches }) {
  document.documentElement.dataset.theme = matches ? "dark" : "light";
}

/** Go on where the learner was. */
function resume() {
  const text = lms.get("cmi.suspend_data");
  const kept = text ? read(items, text) : null;
  if (text && !kept) say(CHANGED);
  state.responses = kept?.responses ?? {};
  done = kept?.done ?? false;
  if (done) showResult();
  else place.replaceChildren(made("sheet"));
  if (!recorded || done) return;
  const status = lms.get("status");
  if (["completed", "passed", "failed"].includes(status)) {
    recorded = false; // its answers were not kept, and others must not take its place
    say(STANDS);
  } else if (status !== "incomplete") lms.set("status", "incomplete");
}

const dark = matchMedia("(prefers-color-scheme: dark)");
colour(dark);
dark.addEventListener("change", colour);
say(lms.open() ? (recorded ? "" : PREVIEW) : NO_LMS);
resume();
end.hidden = done;
count();
get("button", end).addEventListener("click", ask);
dialog.addEventListener("close", () => dialog.returnValue === "yes" && handIn());
dialog.addEventListener("click", (/** @type {MouseEvent} */ event) => event.detail > 1 && event.preventDefault()); // the second half of a double click
document.addEventListener("visibilitychange", () => document.hidden && recorded && waiting && store());
addEventListener("pagehide", () => lms.close());
addEventListener("pageshow", ({ persisted }) => persisted && location.reload()); // its session is closed
