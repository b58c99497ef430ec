// @ts-check
/** The sections of the progress room: each shows one group of figures, as words, chart and table. */
import { bars, percent, timeline } from "./charts.mjs";
import { interval } from "./draw.mjs";
import * as figures from "./mastery.mjs";
import { make } from "./present.mjs";
import { isNew } from "./select.mjs";
import { root } from "./site.mjs";
import * as store from "./store.mjs";
import { button } from "./tools.mjs";

/** @typedef {import("./mastery.mjs").Mastery} Mastery */
/** @typedef {import("./mastery.mjs").Tally} Tally */

/** @type {import("./site.mjs").Index} */
let index;
/** Folded tables that the learner has opened, and the span of the history: they outlast a fresh drawing. @type {Set<string>} */
const opened = new Set();
let byWeek = false;
/** Draws the sections again. @type {() => void} */
let again;

/** @param {number} number @param {string} name */
const count = (number, name) => `${number} ${name}${number === 1 ? "" : "s"}`;
/** @param {Date} date */
const day = (date) => date.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
/** @param {string} to @param {string} text @param {string} [name] */
const link = (to, text, name) => make("a", { href: to, ...(name ? { "aria-label": name } : {}) }, text);
/** @param {string} page */
const ofSite = (page) => new URL(page, root).href;
/** @param {string} difference */
const practise = (difference) => `practice.html#difference=${encodeURIComponent(difference)}`;
/** Points are whole or half. @param {number} points */
const exact = (points) => (Number.isInteger(points) ? String(points) : points.toFixed(1));
/** @param {Tally} tally */
const rightOf = ({ points, answers }) => `${exact(points)} of ${answers} right`;

/** @param {string} id @param {string} title @param {(Node | string)[]} content */
const section = (id, title, ...content) => make("section", { "aria-labelledby": id }, make("h2", { id }, title), ...content);

/** @param {string} caption @param {string[]} head @param {(Node | string)[][]} rows whose first cell names the row */
function table(caption, head, rows) {
  const line = (/** @type {(Node | string)[]} */ [name, ...cells]) => make("tr", {}, make("th", { scope: "row" }, name), ...cells.map((cell) => make("td", {}, cell)));
  const top = make("tr", {}, ...head.map((text) => make("th", { scope: "col" }, text)));
  const whole = make("table", { class: "table" }, make("caption", {}, caption), make("thead", {}, top), make("tbody", {}, ...rows.map(line)));
  return make("div", { class: "room-table", tabindex: "0", role: "region", "aria-label": `Table: ${caption}` }, whole);
}

/** @param {string} id @param {Node} content */
function folded(id, content) {
  const made = make("details", { id }, make("summary", {}, "The same figures as a table"), content);
  made.open = opened.has(id);
  made.addEventListener("toggle", () => (made.open ? opened.add(id) : opened.delete(id)));
  return made;
}

/* ---- sections ---- */

/** @param {number[]} times @param {number} now */
function streakLine(times, now) {
  const { length, today, last } = figures.streak(times, now);
  if (store.read("setting", "streak") === "off" || last < 0) return [];
  const run = length > 1 ? `You practised ${length} days in a row${today ? "" : ", up to yesterday"}.` : today ? "You practised today." : `You last practised ${last === 1 ? "yesterday" : `${last} days ago`}.`;
  return [make("p", { class: "progress-streak" }, run)];
}

/** @param {figures.Items} items @param {figures.Answer[]} answers @param {number} now */
function summary(items, answers, now) {
  const reviews = Object.values(store.all("card")).flatMap(({ log = [] }) => log);
  const times = [...Object.values(items).flatMap(({ log = [] }) => log), ...reviews].map(({ at }) => at);
  const ids = Object.keys(index.items);
  const seen = ids.filter((id) => !isNew(id, items)).length;
  const lines = [make("p", {}, `${count(answers.length, "answer")} so far; ${seen} of ${ids.length} questions of this course seen.`)];
  const gone = new Set(answers.map(({ id }) => id).filter((id) => !Object.hasOwn(index.items, id))).size;
  if (gone) lines.push(make("p", {}, `${count(gone, "question")} that you answered ${gone === 1 ? "is" : "are"} not in this edition: the answers count in the history and not in mastery.`));
  return [...lines, ...streakLine(times, now)];
}

/** @param {Mastery} each */
const standing = (each) =>
  each.answers >= figures.ENOUGH ? percent(each.points / each.answers) : each.answers ? `${count(each.answers, "answer")}, too few to say` : "no answer yet";

/** @param {Mastery[]} all */
function nextSection(all) {
  const rows = figures.weakest(all).map((each) => {
    const teach = each.page ? [" · ", link(ofSite(each.page), "Read about it", `Read about ${each.name}`)] : [];
    const known = each.answers ? ` ${rightOf(each)}.` : " No answer yet.";
    return make("li", {}, make("strong", {}, each.name), `:${known} `, link(practise(each.id), "Practise it", `Practise ${each.name}`), ...teach);
  });
  const unseen = all.filter(({ seen, questions }) => questions && !seen).map(({ name }) => name);
  const left = all.reduce((sum, { seen, questions }) => sum + questions - seen, 0);
  const rest = left ? [make("p", {}, unseen.length ? `Not met at all yet: ${unseen.join(", ")}. ` : "", link("practice.html#which=new", `Practise questions that you have not seen (${left})`))] : [];
  return section("progress-next", "What to practise next", make("p", {}, "The lowest shares come first. Of a difference without answers nothing is known yet: it is placed as if half of it were right."), make("ol", {}, ...rows), ...rest);
}

/** @param {Mastery} each */
const range = ({ low, high }) => `${percent(low)} to ${percent(high)}`;

/** @param {Mastery} each */
function bar(each) {
  const { name, points, answers, low, high } = each;
  if (answers < figures.ENOUGH) return { name, value: answers ? `too few: ${answers}` : "none yet" };
  return { name, value: percent(points / answers), share: points / answers, low, high };
}

/** @param {Mastery[]} all */
function masterySection(all) {
  const text = all.map((each) => `${each.name}: ${standing(each)}${each.answers >= figures.ENOUGH ? ` (${range(each)})` : ""}`).join("; ");
  const rows = all.map((each) => [
    each.page ? link(ofSite(each.page), each.name) : each.name, exact(each.points), String(each.answers),
    standing(each), each.answers >= figures.ENOUGH ? range(each) : "–", `${each.seen} of ${each.questions}`, each.questions ? link(practise(each.id), "Practise", `Practise ${each.name}`) : "–",
  ]);
  return section("progress-mastery", "Mastery by difference",
    make("p", {}, `Mastery is the share right of your last ${figures.WINDOW} answers on a difference; partly right counts half. A question counts once, with your first answer of the last day on which you answered it: a second try follows the explanation. Where the difference was known beforehand, on a page or in a session on one difference, a scenario counts half at most, and gives way to answers in which you had to find it. The thin line shows where your share would lie with many more questions, 95 times of 100. With under ${figures.ENOUGH} answers there is too little to say.`),
    bars("chart-mastery", "Mastery by difference", text, all.map(bar)),
    folded("table-mastery", table("Mastery by difference", ["Difference", "Right", "Answers", "Mastery", "95 % range", "Seen", "Next"], rows)));
}

/** @param {Tally} tally */
const shareOf = ({ points, answers }) => (answers ? percent(points / answers) : "–");

/** @param {figures.Answer[]} answers @param {number} now */
function historySection(answers, now) {
  const spans = byWeek ? figures.history(answers, now, 7, 12) : figures.history(answers, now, 1, 30);
  const title = byWeek ? "The last 12 weeks" : "The last 30 days";
  const all = spans.reduce((sum, each) => ({ answers: sum.answers + each.answers, points: sum.points + each.points }), { answers: 0, points: 0 });
  const busy = spans.filter((each) => each.answers);
  const text = busy.length ? `${count(all.answers, "question")} answered, ${shareOf(all)} right. ${busy.map((each) => `${day(each.from)}: ${each.answers}, ${shareOf(each)}`).join("; ")}.` : "Nothing was answered.";
  const drawn = spans.map(({ from, answers: number, points }) => ({ name: day(from), count: number, ...(number ? { share: points / number } : {}) }));
  const choices = [["30 days", false], ["12 weeks", true]].map(([name, weeks]) => {
    const made = button(String(name), () => {
      byWeek = Boolean(weeks);
      again();
    });
    made.setAttribute("aria-pressed", String(byWeek === weeks));
    return made;
  });
  const rows = busy.map((each) => [day(each.from), String(each.answers), exact(each.points), shareOf(each)]).reverse();
  return section("progress-history", "History", make("p", { class: "room-line" }, ...choices),
    make("p", {}, `${title}: ${count(all.answers, "question")} answered${all.answers ? `, ${shareOf(all)} right` : ""}. Every answer counts here, partly right as half.`),
    timeline("chart-history", title, text, drawn),
    folded("table-history", table(`${title}, without those that are empty`, [byWeek ? "Seven days from" : "Day", "Questions", "Right", "Share"], rows)));
}

/** @type {Record<string, string>} */
const SAID = { project: "project", operations: "operations", both: "both at once" };

/** Which way it leans, where that is plain. @param {{said: string, times: number, wrong: number}[]} rows */
function leaning([project, operations]) {
  const [more, less] = project.wrong > operations.wrong ? [project, operations] : [operations, project];
  if (more.wrong < figures.ENOUGH || more.wrong < 2 * less.wrong) return [];
  const [page, title] = more === project ? ["operations.html", "Operations"] : ["project.html", "Projects"];
  return [make("p", {}, `You lean to “${SAID[more.said]}”. Read `, link(page, title), " again.")];
}

/** @param {figures.Answer[]} answers */
function confusionSection(answers) {
  const rows = figures.confusion(answers);
  const said = rows.filter(({ times }) => times);
  if (!said.length) return [];
  const drawn = said.map(({ said: name, times, wrong }) => {
    const [low, high] = interval(wrong, times);
    return { name: `“${SAID[name]}”`, value: `${wrong} of ${times} wrong`, share: wrong / times, low, high };
  });
  const text = said.map(({ said: name, times, wrong }) => `You said ${SAID[name]} ${count(times, "time")}, ${wrong} of them where it was not.`).join(" ");
  return [section("progress-confusion", "Project taken for operations, and the reverse",
    make("p", {}, `Your last ${figures.SCENARIOS} scenarios at most. How often a class was wrong when you said it; the shorter, the better.`),
    bars("chart-confusion", "How often a class was wrong when you said it", text, drawn), ...leaning(rows),
    folded("table-confusion", table("What you said of scenarios", ["You said", "Times", "It was not"], said.map(({ said: name, times, wrong }) => [SAID[name], String(times), String(wrong)]))))];
}

/** @param {number} seconds */
const duration = (seconds) => (Number.isFinite(seconds) ? `${Math.round(seconds / 60)} min` : "–");

/** @param {any} exam @returns {(Node | string)[]} */
function examRow(exam) {
  const { started, title, result, used } = exam;
  const [id, at, name] = [started.toString(36), day(new Date(started * 1000)), String(title ?? "Exam")];
  if (!exam.submitted) return [at, link("exam.html", `Go on with ${name}`), "open", "–", "–", duration(used)];
  const { right, questions, pass } = result ?? {};
  if (!(right <= questions && questions > 0 && right >= 0)) return [at, name, "The result cannot be read.", "–", "–", "–"];
  const [low, high] = interval(right, questions);
  const passed = pass === undefined ? "no pass mark" : right >= pass ? `passed (${pass} needed)` : `not passed (${pass} needed)`;
  return [at, link(`exam.html#report/${id}`, name, `Report of ${name}, ${at}`), `${right} of ${questions}, ${percent(right / questions)}`, `${percent(low)} to ${percent(high)}`, passed, duration(used)];
}

function examsSection() {
  const exams = Object.values(store.all("exam")).sort((one, two) => two.started - one.started);
  const content = exams.length
    ? table("Mock exams", ["Date", "Exam", "Right", "95 % range", "Pass mark", "Time"], exams.map(examRow))
    : make("p", {}, "No mock exam yet. ", link("exam.html", "Choose one"));
  return section("progress-exams", "Mock exams", content);
}

/** @type {[string, string][]} */
const KINDS = [["item", "answers to question"], ["exam", "exam"], ["card", "flashcard"], ["session", "open session"], ["setting", "setting"]];

/** What cannot be read, with a way to be rid of it. @returns {Node[]} */
export function damagedSection() {
  const damaged = store.damaged();
  if (!damaged.length) return [];
  const rows = damaged.map(([kind, id]) => {
    const name = `${new Map(KINDS).get(kind) ?? kind} ${id}`;
    const remove = button("Remove", () => store.write(kind, id, undefined));
    remove.setAttribute("aria-label", `Remove ${name}`);
    return make("li", {}, make("span", {}, name), " ", remove);
  });
  return [section("progress-damaged", "Records that cannot be read", make("p", {}, "These are damaged and are passed over. Everything else works. Removing them loses nothing that could be shown."), make("ul", {}, ...rows))];
}

/** All that there is to say of a learner; nothing where nothing is kept. @param {import("./site.mjs").Index} bank @param {() => void} redraw @returns {Node[]} */
export function sections(bank, redraw) {
  [index, again] = [bank, redraw];
  const now = store.now();
  const items = store.all("item");
  const answers = figures.answersOf(items, now);
  if (!["item", "exam", "card"].some((kind) => Object.keys(store.all(kind)).length)) return [];
  const all = figures.mastery(items, index, answers);
  const first = section("progress-sum", "In short", ...summary(items, answers, now));
  return [first, nextSection(all), masterySection(all), historySection(answers, now), ...confusionSection(answers), examsSection()];
}
