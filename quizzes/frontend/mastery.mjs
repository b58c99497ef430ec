// @ts-check
/** What the records say of a learner: pure figures from what is kept, the bank's index and the time. */
import { interval } from "./draw.mjs";
import { isNew } from "./select.mjs";

/** @typedef {import("./site.mjs").Index} Index */
/** @typedef {Record<string, import("./store.mjs").ItemRecord>} Items */
/** @typedef {{id: string, at: number, outcome: string, chose?: string, where?: string}} Answer */
/** @typedef {{answers: number, points: number}} Tally `points` counts a partly right answer half */
/** @typedef {Tally & {id: string, name: string, page: string, low: number, high: number, seen: number, questions: number}} Mastery */

export const WINDOW = 10; // so many answers show where a learner stands now, and not where they began
export const ENOUGH = 5; // with fewer, the 95 % interval spans most of the scale
export const SCENARIOS = 50;
const DAY = 86_400_000;
const MARKED = ["right", "partly", "wrong"];

/** @param {string} outcome */
const credit = (outcome) => (outcome === "right" ? 1 : outcome === "partly" ? 0.5 : 0);

/** @param {Answer[]} answers @returns {Tally} */
export const tally = (answers) => ({ answers: answers.length, points: answers.reduce((sum, { outcome }) => sum + credit(outcome), 0) });

/** Every answer, oldest first. A time in the future comes from a clock that was wrong: it counts as now. @param {Items} items @param {number} now @returns {Answer[]} */
export function answersOf(items, now) {
  const all = Object.entries(items).flatMap(([id, { log = [] }]) => log.map(({ at, outcome, chose, where }) => ({ id, at: Math.min(Math.max(at, 0), now), outcome, chose, where })));
  return all.filter(({ outcome }) => MARKED.includes(outcome)).sort((one, two) => one.at - two.at);
}

/** The day of a time, in this device's time zone. @param {number} at */
const midnight = (at) => new Date(at * 1000).setHours(0, 0, 0, 0);

/** Calendar days between a time and now; rounding takes the hour of summer time. @param {number} at @param {number} now */
export const daysAgo = (at, now) => Math.round((midnight(now) - midnight(at)) / DAY);

/** One answer a question: the first of the last day on which it was answered, since a second try follows the explanation. @param {Answer[]} answers */
function oneEach(answers) {
  /** @type {Map<string, Answer>} */
  const kept = new Map();
  for (const answer of answers) {
    const before = kept.get(answer.id);
    if (!before || midnight(before.at) !== midnight(answer.at)) kept.set(answer.id, answer);
  }
  return [...kept.values()].sort((one, two) => one.at - two.at);
}

/** Where a scenario's difference is known beforehand: on a page that teaches or trains it, and in a session on one difference. */
const GIVEN = ["page", "difference"];

/**
 * What counts of each question, what the learner had to find first. Where the difference was known a scenario shows its class alone:
 * it comes before all others, so that they push it out, and right counts half. @param {Answer[]} answers @param {Index} index
 */
function counted(answers, index) {
  const isGiven = (/** @type {Answer} */ { id, where }) => index.items[id].kind === "classify" && GIVEN.includes(where ?? "");
  const found = oneEach(answers.filter((answer) => !isGiven(answer)));
  const ids = new Set(found.map(({ id }) => id));
  const given = oneEach(answers.filter((answer) => isGiven(answer) && !ids.has(answer.id)));
  return [...given.map((answer) => (answer.outcome === "right" ? { ...answer, outcome: "partly" } : answer)), ...found];
}

/** The mastery of each difference, in the order of the course. @param {Items} items @param {Index} index @param {Answer[]} answers @returns {Mastery[]} */
export function mastery(items, index, answers) {
  const known = counted(answers.filter(({ id }) => Object.hasOwn(index.items, id)), index);
  return Object.entries(index.differences).map(([difference, { name, page }]) => {
    const ids = Object.keys(index.items).filter((id) => index.items[id].difference === difference);
    const last = tally(known.filter(({ id }) => index.items[id].difference === difference).slice(-WINDOW));
    const [low, high] = last.answers ? interval(last.points, last.answers) : [0, 1];
    return { id: difference, name, page, ...last, low, high, seen: ids.filter((id) => !isNew(id, items)).length, questions: ids.length };
  });
}

/** Which differences to practise next: the lowest share first, where one that was not tried counts as half known. @param {Mastery[]} all */
export function weakest(all) {
  /** @param {Mastery} each */
  const guess = ({ points, answers }) => (points + 1) / (answers + 2);
  return all.filter(({ questions }) => questions).sort((one, two) => guess(one) - guess(two)).slice(0, 3);
}

/** Spans of some days up to today, oldest first. @param {Answer[]} answers @param {number} now @param {number} days of a span @param {number} spans */
export const history = (answers, now, days, spans) =>
  Array.from({ length: spans }, (_, place) => {
    const back = spans - 1 - place;
    const from = new Date(midnight(now));
    from.setDate(from.getDate() - back * days - days + 1);
    return { from, ...tally(answers.filter(({ at }) => Math.floor(daysAgo(at, now) / days) === back)) };
  });

/** How often each class was said of late, and how often it was wrong. @param {Answer[]} answers */
export function confusion(answers) {
  const last = answers.filter(({ chose }) => chose).slice(-SCENARIOS);
  return ["project", "operations", "both"].map((said) => {
    const times = last.filter(({ chose }) => chose === said);
    return { said, times: times.length, wrong: times.filter(({ outcome }) => outcome === "wrong").length };
  });
}

/** Days in a row up to today, or to yesterday while today is not over. @param {number[]} times @param {number} now */
export function streak(times, now) {
  const days = new Set(times.filter((at) => at <= now).map((at) => daysAgo(at, now)));
  const today = days.has(0);
  let length = 0;
  while (days.has(length + (today ? 0 : 1))) length += 1;
  return { length, today, last: days.size ? Math.min(...days) : -1 };
}
