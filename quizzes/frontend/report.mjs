// @ts-check
/** The report of a submitted exam, and each of its questions to read again. */
import { MEND, onBack, practise, print, stepBack, stepIn } from "./address.mjs";
import { interval } from "./draw.mjs";
import * as outcome from "./outcome.mjs";
import { addTools, failure, goTo, make, name, present } from "./present.mjs";
import { loadItems, root } from "./site.mjs";
import { button } from "./tools.mjs";

/** @typedef {import("./sitting.mjs").Sitting} Sitting */
/** @typedef {import("./site.mjs").Index} Index */
/** @typedef {import("./outcome.mjs").Row} Row */

/** @param {number} share */
const percent = (share) => `${Math.round(share * 100)} %`;

/** @param {number} seconds */
function duration(seconds) {
  const whole = Math.round(seconds);
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  return [minutes ? `${minutes} min` : "", rest || !minutes ? `${rest} s` : ""].filter(Boolean).join(" ");
}

/** @param {number} right @param {number} questions */
function range(right, questions) {
  const [low, high] = interval(right, questions);
  return `${percent(low)} to ${percent(high)}`;
}

/** @param {Row} row */
function line({ name, right, questions, href }) {
  const title = href ? make("a", { href: new URL(href, root).href }, name) : name;
  const share = make("span", { class: "room-bar", style: `--share: ${percent(right / questions).replace(" ", "")}` }, percent(right / questions));
  return make("tr", {}, make("th", { scope: "row" }, title), make("td", {}, `${right} of ${questions}`), make("td", {}, share), make("td", {}, range(right, questions)));
}

/** @param {string} caption @param {Row[]} rows */
function table(caption, rows) {
  const head = ["What", "Right", "Share", "Likely range"].map((text) => make("th", { scope: "col" }, text));
  return make("div", { class: "room-table", tabindex: "0", role: "region", "aria-label": caption },
    make("table", { class: "table" }, make("caption", {}, caption), make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows.map(line))));
}

/** @param {Sitting} done @param {boolean} ofExam whether the form follows an exam */
function verdict(done, ofExam) {
  const { right, questions, pass } = /** @type {any} */ (done.result);
  const score = `${right} of ${questions} right (${percent(right / questions)}).`;
  if (pass) return `${score} ${pass} are needed in this format: ${right >= pass ? "reached" : "not reached"}.`;
  return ofExam ? `${score} The exam's own pass mark is not published.` : score;
}

/** @param {Sitting} done */
function story(done) {
  const at = new Date(done.started * 1000).toLocaleString(undefined, { dateStyle: "long", timeStyle: "short" });
  const used = `${duration(done.used)} of ${duration(done.limit)} used`;
  const left = done.left ? `, left ${done.left === 1 ? "once" : `${done.left} times`} and gone on with` : "";
  return `${at}. ${used}${done.timeUp ? ", time ran out" : ""}${left}.${done.code ? ` Form ${done.blueprint}-${done.seed}.` : ""}`;
}

/** How far the form keeps to the shares of its format. @param {Sitting} done */
function compositionText(done) {
  const rows = (done.composition ?? []).filter(({ asked }) => asked !== null);
  const told = rows.map(({ domain, asked, drawn }) => `${domain} ${drawn} of ${asked}`).join(", ");
  const rest = done.rest ? ` ${done.rest} questions come from the rest of the course.` : "";
  return told && `Questions on this form, of those that the format asks: ${told}.${rest}`;
}

/** @param {number} number */
const times = (number) => (number === 1 ? "once" : `${number} times`);

/** @param {Sitting} done */
function confusionText(done) {
  const { scenarios, project, operations, other } = outcome.confusions(done);
  if (!scenarios) return "No scenario to classify was on this form.";
  const rest = other ? `, ${times(other)} something was confused with “both at once”` : "";
  return `Of ${scenarios} scenarios: ${times(project)} you took a project for operations, ${times(operations)} operations for a project${rest}.`;
}

/** @param {Sitting} done */
function paceText(done) {
  const { allowed, right, wrong } = outcome.pace(done);
  const parts = [right === null ? "" : `${duration(right)} where you were right`, wrong === null ? "" : `${duration(wrong)} where you were not`].filter(Boolean);
  return `Time allowed a question: ${duration(allowed)}. ${parts.length ? `Your median: ${parts.join(", ")}.` : ""}`;
}

/** What each item is called on the paper: "7", or "7–10" for a case. @param {Sitting} done @returns {Map<string, string>} */
function numbersOf(done) {
  let next = 1;
  return new Map(outcome.results(done).map(([id, { questions }]) => {
    const first = next;
    next += questions;
    return [id, questions > 1 ? `${first}–${next - 1}` : String(first)];
  }));
}

/** @param {Sitting} done @param {Map<string, string>} numbers @param {(id: string) => void} review */
function list(done, numbers, review) {
  const rows = outcome.results(done).map(([id, result]) => {
    const open = button(`Question ${numbers.get(id)}`, () => review(id));
    const said = result.questions > 1 ? `${result.right} of ${result.questions} right` : { partly: "partly right, no point", blank: "not answered" }[result.outcome] ?? result.outcome;
    const flag = done.flags.includes(id) ? ", flagged" : "";
    return make("tr", { "data-outcome": result.outcome, "data-question": id }, make("td", {}, open), make("td", {}, said + flag), make("td", {}, done.seconds[id] ? duration(done.seconds[id]) : "–"));
  });
  const head = ["Question", "Result", "Time"].map((text) => make("th", { scope: "col" }, text));
  return make("div", { class: "room-table", tabindex: "0", role: "region", "aria-label": "All questions" },
    make("table", { class: "table exam-list" }, make("caption", {}, "All questions: choose one to read it with its reasons"), make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows)));
}

/** Show a question as it was answered, with its reasons. @param {HTMLElement} el @param {Sitting} done @param {Index} index @param {Map<string, string>} numbers of all items @param {string[]} ids to be read @param {number} place */
async function review(el, done, index, numbers, ids, place) {
  const id = ids[place];
  stepIn();
  closeReview = () => close(el, id);
  let item;
  try {
    item = index.items[id] && (await loadItems([id])).get(id);
  } catch {
    return failure(el, () => review(el, done, index, numbers, ids, place), MEND);
  }
  const moves = make("p", { class: "exam-moves" });
  if (place > 0) moves.append(button("Previous", () => review(el, done, index, numbers, ids, place - 1)));
  if (place < ids.length - 1) moves.append(button("Next", () => review(el, done, index, numbers, ids, place + 1)));
  moves.append(button("Back to the report", stepBack));
  const number = `Question ${numbers.get(id)}`;
  const title = make("h3", {}, ids.length < numbers.size ? `${number}: ${place + 1} of ${ids.length} that you missed` : `${number} of ${done.result?.questions}`);
  const place_ = make("div");
  el.replaceChildren(title, place_, moves);
  /** @type {HTMLElement} */ (el.previousElementSibling).hidden = true;
  if (item) show(place_, item, done, index, id);
  else place_.append(make("p", {}, "This question is no longer part of the course."));
  goTo(title);
}

/** @type {(() => void) | null} */
let closeReview = null;
onBack(() => {
  closeReview?.();
  closeReview = null;
});

/** Put the report in the place of the question, at the question's line. @param {HTMLElement} el @param {string} id */
function close(el, id) {
  const report = /** @type {HTMLElement} */ (el.previousElementSibling);
  el.replaceChildren();
  report.hidden = false;
  const opener = /** @type {HTMLElement | null} */ (report.querySelector(`[data-question="${id}"] button`));
  if (opener) opener.focus();
}

/** @param {HTMLElement} el @param {HTMLElement} item @param {Sitting} done @param {Index} index @param {string} id */
function show(el, item, done, index, id) {
  const answered = Object.keys(done.responses[id] ?? {}).length > 0;
  name(item, answered ? "Your answer" : "Not answered");
  present(el, [item], "practice", { responses: { ...done.responses }, checked: answered ? { [id]: true } : {} }, () => {});
  for (const field of item.querySelectorAll("input, select")) field.setAttribute("disabled", "");
  item.querySelector(".quiz-actions")?.remove();
  const answer = item.querySelector(".quiz-answer");
  answer?.removeAttribute("hidden");
  if (!answered) answer?.setAttribute("open", "");
  addTools(item, index.items);
}

/** @param {HTMLElement} each */
function quiet(each) {
  each.className = "room-quiet";
  return each;
}

/** @param {HTMLElement} el @param {Sitting} done @param {Index} index */
export function showReport(el, done, index) {
  done = { ...done, flags: done.flags ?? [], seconds: done.seconds ?? {}, title: done.title ?? "" };
  const blueprint = index.blueprints.find((each) => each.id === done.blueprint);
  const { right, questions } = /** @type {any} */ (done.result);
  const title = make("h3", {}, `Report: ${done.title}`);
  const report = make("div", { class: "exam-report" });
  const reading = make("div", { class: "exam-review" });
  const numbers = numbersOf(done);
  const ids = [...numbers.keys()];
  /** @param {string[]} some */
  const reviewSome = (some) => (/** @type {string} */ id) => review(reading, done, index, numbers, some, some.indexOf(id));
  const misses = ids.filter((id) => done.result?.items[id].outcome !== "right");
  const content = [
    title,
    make("p", { class: "exam-score" }, verdict(done, Boolean(blueprint?.exam))),
    make("p", {}, `A score is one draw of many. With as many other questions of this kind, a score from ${range(right, questions)} would be no surprise.`),
    make("p", {}, story(done)),
    ...(misses.length ? [button("Read the misses", () => reviewSome(misses)(misses[0])), " ", quiet(button("Practise what you missed", () => practise(misses)))] : [make("p", {}, "Nothing was missed.")]),
    " ",
    quiet(button("Print", () => print(report))),
  ];
  if (compositionText(done)) content.push(make("p", {}, compositionText(done)));
  if (blueprint?.exam) content.push(table("By domain of the exam", outcome.byDomain(done, index, blueprint.exam)));
  content.push(table("By difference", outcome.byDifference(done, index)), table("By kind of question", outcome.byKind(done, index)), table("By difficulty", outcome.byLevel(done, index)));
  content.push(make("h4", {}, "Project or operations"), make("p", {}, confusionText(done)), make("h4", {}, "Time"), make("p", {}, paceText(done)));
  closeReview = null;
  content.push(list(done, numbers, reviewSome(ids)), make("p", {}, make("a", { href: "#" }, "Back to the mock exams")));
  report.append(...content);
  el.replaceChildren(report, reading);
  goTo(title);
}
