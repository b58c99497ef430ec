// @ts-check
/**
 * The progress file: what this browser keeps as one document, and how a document is added to it. docs/progress-file.md describes
 * it; quizzes/study/progress_file.py is the same in Python, held to it by tests/progress-cases.json.
 */
import { replayed } from "./spacing.mjs";
import * as store from "./store.mjs";

/** @typedef {Record<string, Record<string, any>>} Records by id */
/** @typedef {{items: Records, exams: Records, cards: Records, settings: Record<string, any>, left: number}} Content `left` counts records that do not fit */
/** @typedef {{answers: number, questions: number, exams: number, cards: number, settings: number, marks: number, lost: number}} Added `marks` counts changed questions without an answer */

export const FORMAT = "project-or-operation/progress";
export const MOST_BYTES = 20_000_000;
const DEEPEST = 12;
const LATEST = 253_370_764_800; // the start of the year 9999: a day counted from a time far beyond it is none
/** The file's fields and the kinds of their records, the small ones first: they are kept where room is short. @type {[keyof Omit<Content, "left">, string][]} */
const FIELDS = [["items", "item"], ["cards", "card"], ["settings", "setting"], ["exams", "exam"]];

/** A file that is not added, with a line for the learner. */
export class FileError extends Error {}

/** @param {string} why @returns {never} */
function refuse(why) {
  throw new FileError(`${why} Nothing was changed.`);
}

/** Everything that is kept, as the file's document. @returns {Record<string, any>} */
export function exported() {
  const at = new Date(store.now() * 1000).toISOString().replace(".000", "");
  return { format: FORMAT, version: store.VERSION, exported_at: at, ...Object.fromEntries(FIELDS.map(([field, kind]) => [field, store.all(kind)])) };
}

/** @param {any} value @returns {boolean} whether it is as flat as a progress file, and free of names that change objects */
function isPlain(value) {
  let level = [value];
  for (let depth = 0; level.length; depth += 1) {
    if (depth > DEEPEST) return false;
    level = level.filter((each) => typeof each === "object" && each !== null);
    if (level.some((each) => Object.hasOwn(each, "__proto__"))) return false;
    level = level.flatMap((each) => Object.values(each));
  }
  return true;
}

/** @param {string} text @returns {any} */
function parsed(text) {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "")); // editors add the mark
  } catch {
    return refuse("This file cannot be read: it is not a progress file, or it is cut off.");
  }
}

/** @param {any} entry an attempt or a review, as the schema has it */
const isWhole = (entry) => Number.isInteger(entry.at) && entry.at >= 0 && entry.at <= LATEST && (typeof entry.knew === "boolean" || typeof entry.where === "string");

const LOGGED = ["item", "card"];

/** @param {string} kind @param {string} id @param {any} value */
const fits = (kind, id, value) =>
  /^[\w.-]{1,200}$/.test(id) && store.FORMS[kind](value) && (!LOGGED.includes(kind) || (value.log ?? []).every(isWhole)) &&
  (kind !== "card" || (value.box >= 0 && value.box <= 5));

/** @param {any} answer @returns {any} */
const fromAnswer = (answer) =>
  (store.isRecord(answer) ? { response: answer.response, ...(answer.checked === true ? { checked: true } : {}) } : answer);

/** Version 1 held `{response, checked}` by item, and nothing else. @param {any} file */
function migrated(file) {
  if (file.version > 1) return file;
  if (!store.isRecord(file.answers)) refuse("This file is not built like a progress file.");
  return { items: Object.fromEntries(Object.entries(file.answers).map(([id, answer]) => [id, fromAnswer(answer)])) };
}

/** Read a file; throws FileError. @param {string} text @returns {Content} */
export function fromText(text) {
  if (text.length > MOST_BYTES) refuse("This file is larger than 20 MB: that is no progress file.");
  if (!text.trim()) refuse("This file is empty.");
  const file = parsed(text);
  if (!store.isRecord(file) || file.format !== FORMAT || !Number.isInteger(file.version) || file.version < 1) refuse("This is not a progress file of this course.");
  if (file.version > store.VERSION) refuse("This file comes from a newer version of the site. Reload this page, then import it again.");
  if (!isPlain(file)) refuse("This file is not built like a progress file.");
  const current = migrated(file);
  const content = /** @type {Content} */ ({ left: 0 });
  for (const [field, kind] of FIELDS) {
    const records = current[field] ?? {};
    if (!store.isRecord(records)) refuse("This file is not built like a progress file.");
    const fitting = Object.entries(records).filter(([id, value]) => fits(kind, id, value));
    content.left += Object.keys(records).length - fitting.length;
    content[field] = Object.fromEntries(fitting);
  }
  return content;
}

/* ---- merging: nothing that is here is lost, and a file that comes twice changes nothing ---- */

/** @param {any[]} mine @param {any[]} theirs */
function united(mine, theirs) {
  /** @param {any} entry */
  const name = ({ at, where, outcome, knew }) => JSON.stringify([at, where, outcome, knew]);
  const known = new Set(mine.map(name));
  const added = theirs.filter((entry) => !known.has(name(entry)) && known.add(name(entry)));
  return added.length ? [...mine, ...added].sort((one, two) => one.at - two.at) : mine;
}

/** When the response was given, as far as is known; attempts alone, as of a session, take no response's place. @param {any} item */
const answeredAt = ({ response, log }) => (response ? log?.at(-1)?.at ?? 0 : -1);

/** @param {any} mine @param {any} theirs */
function mergedItem(mine, theirs) {
  const { response, checked, ...rest } = mine;
  const { response: _response, checked: _checked, ...others } = theirs;
  const newer = answeredAt(theirs) > answeredAt(mine) ? theirs : mine;
  const log = united(mine.log ?? [], theirs.log ?? []);
  return {
    ...others, ...rest, ...(newer.response ? { response: newer.response } : {}), ...("checked" in newer ? { checked: newer.checked } : {}),
    ...(log.length ? { log } : {}),
  };
}

/** @param {any} mine @param {any} theirs */
function mergedCard(mine, theirs) {
  const log = united(mine.log ?? [], theirs.log ?? []);
  return log.length > (mine.log?.length ?? 0) ? { ...theirs, ...mine, ...replayed(log) } : mine;
}

/** @param {any} exam */
const answersIn = (exam) => Object.keys(exam.responses).length;

/** @param {any} mine @param {any} theirs */
function mergedExam(mine, theirs) {
  if (mine.submitted || theirs.submitted) return mine.submitted ? mine : theirs;
  return answersIn(theirs) > answersIn(mine) ? theirs : mine;
}

/** @type {Record<string, (mine: any, theirs: any) => any>} */
const MERGES = { item: mergedItem, exam: mergedExam, card: mergedCard, setting: (mine) => mine };

/** @param {any} value @returns {any} the same with its names in one order, to be compared */
const ordered = (value) =>
  Array.isArray(value) ? value.map(ordered)
    : store.isRecord(value) ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, ordered(value[key])]))
      : value;

/** @param {any} one @param {any} two */
const same = (one, two) => JSON.stringify(ordered(one)) === JSON.stringify(ordered(two));

/** New answers that a record brings: attempts, or a response from before attempts were kept. @param {any} before @param {any} after */
const gained = (before, after) => (after.log?.length ?? 0) - (before?.log?.length ?? 0) || Number(!before?.response && Boolean(after.response));

/** Add a file's content to what is kept, record by record. @param {Content} content @returns {Added} */
export function add(content) {
  const added = { answers: 0, questions: 0, exams: 0, cards: 0, settings: 0, marks: 0, lost: 0 };
  for (const [field, kind] of FIELDS) {
    const here = store.all(kind);
    for (const [id, theirs] of Object.entries(content[field])) {
      const mine = Object.hasOwn(here, id) ? here[id] : undefined;
      const value = mine === undefined ? theirs : MERGES[kind](mine, theirs);
      if (mine !== undefined && same(mine, value)) continue;
      if (!store.write(kind, id, value)) added.lost += 1;
      const answers = field === "items" ? gained(mine, value) : 0;
      added.answers += answers;
      added[field !== "items" ? field : answers ? "questions" : "marks"] += 1;
    }
  }
  return added;
}

/** @param {number} number @param {string} name */
const count = (number, name) => `${number} ${name}${number === 1 ? "" : "s"}`;

/** What an import did, for the learner. @param {Added} added @param {number} left records of the file that do not fit */
export function told({ answers, questions, exams, cards, settings, marks, lost }, left) {
  const parts = [
    questions ? `${count(answers, "answer")} to ${count(questions, "question")}` : "", marks ? count(marks, "flag") : "",
    exams ? count(exams, "exam") : "", cards ? count(cards, "card") : "", settings ? count(settings, "setting") : "",
  ].filter(Boolean);
  const lines = [parts.length ? `Added: ${parts.join(", ")}.` : "Everything in this file was here already."];
  if (left) lines.push(`${count(left, "record")} of the file did not fit and ${left === 1 ? "was" : "were"} left out.`);
  if (lost) lines.push(`${count(lost, "record")} could not be kept and will be gone when this page closes. What was kept before is unchanged.`);
  return lines.join(" ");
}
