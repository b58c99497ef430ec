// @ts-check
/** A sitting of a mock exam: its record and what may happen to it. Pure: no page, no clock, no storage. */
import { questionsOf, scoreOf } from "./draw.mjs";
import { markRule } from "./quiz.mjs";

/** @typedef {{right: number, questions: number, outcome: string, chose?: string, key?: string}} ItemResult */
/** @typedef {{domain: string, asked: number | null, drawn: number}[]} Composition questions by domain: of the format, and of this form */
/**
 * `limit` and `used` are seconds of exam time, `breakLeft` seconds of an open break; `section` and `place` say where the
 * learner is; `left` counts how often the page was closed; `owner` is the tab that runs the exam. Only a form drawn from a
 * `code` is the same for everybody.
 * @typedef {{started: number, blueprint: string, seed: number, code: boolean, composition: Composition, rest: number, title: string, sections: string[][], section: number, place: number,
 *   responses: Record<string, any>, flags: string[], seconds: Record<string, number>, limit: number, used: number, paused: boolean,
 *   breakLeft: number, left: number, owner: string, pass?: number, submitted?: number, timeUp?: boolean,
 *   result?: {right: number, questions: number, pass?: number, items: Record<string, ItemResult>}}} Sitting
 */

/** Begin. @param {{blueprint: string, seed: number, title: string, sections: string[][], composition: Composition, rest: number,
 *   pass?: number | null, code: boolean}} form @param {number} limit @param {number} at @returns {Sitting} */
export const begin = ({ pass, ...form }, limit, at) => ({
  started: at, ...form, ...(pass ? { pass } : {}), section: 0, place: 0, responses: {}, flags: [], seconds: {},
  limit, used: 0, paused: false, breakLeft: 0, left: 0, owner: "",
});

/** The section that is open. @param {Sitting} sitting */
export const openSection = (sitting) => sitting.sections[sitting.section];

/** @typedef {Map<string, import("./quiz.mjs").Part[]>} Rules by item */

/** How many questions an item has, and how many of them have all that they ask. @param {Sitting} sitting @param {string} id @param {Rules} rules */
export function answers(sitting, id, rules) {
  const questions = questionsOf(rules.get(id) ?? []);
  const response = sitting.responses[id] ?? {};
  return { questions: questions.length, answered: questions.filter((names) => names.every((name) => Object.hasOwn(response, name))).length };
}

/** @param {Sitting} sitting @param {Rules} rules @returns {string[]} the items of the open section that lack an answer */
export const unanswered = (sitting, rules) =>
  openSection(sitting).filter((id) => {
    const { questions, answered } = answers(sitting, id, rules);
    return answered < questions;
  });

/** The numbers of an item's questions on its section's paper, as in "7" or "8–11". @param {string[]} ids @param {Rules} rules @returns {string[]} */
export function numbers(ids, rules) {
  let next = 1;
  return ids.map((id) => {
    const first = next;
    next += questionsOf(rules.get(id) ?? []).length;
    return next - first > 1 ? `${first}–${next - 1}` : String(first);
  });
}

/** What the open section still lacks, in words; empty where it lacks nothing. @param {Sitting} sitting @param {Rules} rules */
export function warning(sitting, rules) {
  const ids = openSection(sitting);
  const told = numbers(ids, rules);
  const open = unanswered(sitting, rules).map((id) => told[ids.indexOf(id)]);
  const flagged = ids.filter((id) => sitting.flags.includes(id)).map((id) => told[ids.indexOf(id)]);
  const more = open.length > 12 ? ` and ${open.length - 12} more` : "";
  const first = open.length ? `Not fully answered: ${open.slice(0, 12).join(", ")}${more}. ` : "";
  return first + (flagged.length ? `Flagged: ${flagged.join(", ")}. ` : "");
}

/** @param {Sitting} sitting */
export const isLast = (sitting) => sitting.section === sitting.sections.length - 1;

/** Seconds left. @param {Sitting} sitting */
export const timeLeft = (sitting) => Math.max(0, sitting.limit - sitting.used);

/** Put the flag of a question up or down. @param {Sitting} sitting @param {string} id @returns {Sitting} */
export const flip = (sitting, id) => ({
  ...sitting, flags: sitting.flags.includes(id) ? sitting.flags.filter((each) => each !== id) : [...sitting.flags, id],
});

/** Let time pass: the exam's and the question's, or the break's. @param {Sitting} sitting @param {number} seconds @returns {Sitting} */
export function pass(sitting, seconds) {
  if (sitting.paused || sitting.submitted) return sitting;
  if (sitting.breakLeft > 0) return { ...sitting, breakLeft: Math.max(0, sitting.breakLeft - seconds) };
  const id = openSection(sitting)[sitting.place];
  const spent = (sitting.seconds[id] ?? 0) + seconds;
  return { ...sitting, used: Math.min(sitting.limit, sitting.used + seconds), seconds: { ...sitting.seconds, [id]: spent } };
}

/** Submit the open section for good; the next one follows, after a break where there is one. @param {Sitting} sitting @param {number} breakSeconds @returns {Sitting} */
export const submitSection = (sitting, breakSeconds) => ({ ...sitting, section: sitting.section + 1, place: 0, breakLeft: breakSeconds });

/**
 * What each question earned: one that is entirely right counts, and nothing else.
 * @param {Sitting} sitting @param {Rules} rules @param {number} at @returns {Sitting}
 */
export function finish(sitting, rules, at) {
  /** @type {Record<string, ItemResult>} */
  const items = {};
  for (const [id, rule] of rules) {
    const mark = markRule(rule, sitting.responses[id]);
    const decided = rule.find((part) => part.name === "class");
    const chose = sitting.responses[id]?.class;
    items[id] = { ...scoreOf(rule, mark), outcome: mark.outcome, ...(chose ? { chose } : {}), ...(decided ? { key: decided.key[0] } : {}) };
  }
  const results = Object.values(items);
  /** @param {"right" | "questions"} field */
  const sum = (field) => results.reduce((total, each) => total + each[field], 0);
  const goal = sitting.pass === undefined ? {} : { pass: sitting.pass };
  return { ...sitting, submitted: at, result: { right: sum("right"), questions: sum("questions"), ...goal, items } };
}

/** A kept sitting with what is no longer in the bank left out, or undefined where nothing of it is usable. @param {any} kept @param {Record<string, unknown>} items @returns {Sitting | undefined} */
export function revive(kept, items) {
  const numbers = ["started", "limit", "used", "section", "place", "breakLeft", "left"];
  const lists = [...(kept?.sections ?? []), kept?.flags];
  if (!kept || !numbers.every((field) => Number.isFinite(kept[field])) || !lists.every(Array.isArray)) return undefined;
  const sections = kept.sections.map((/** @type {string[]} */ ids) => ids.filter((id) => Object.hasOwn(items, id)));
  const open = sections[kept.section];
  if (!open?.length) return undefined;
  const filled = sections.filter((/** @type {string[]} */ ids, /** @type {number} */ number) => ids.length || number <= kept.section);
  return { ...kept, sections: filled, place: Math.min(Math.max(0, kept.place), open.length - 1), seconds: { ...kept.seconds } };
}
