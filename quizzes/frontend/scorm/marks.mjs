// @ts-check
/** What a sheet earns, and how a learning platform is told. */
import { markRule } from "../quiz.mjs";

/** @typedef {import("../quiz.mjs").Part} Part */
/** @typedef {import("./kept.mjs").Item} Item */
/** @typedef {ReturnType<typeof import("./lms.mjs").connect>} Lms */

const LONGEST = 250; // characters of a description

/** A number without a tail of nines, as platforms take it. @param {number} number @param {number} places */
export const plain = (number, places) => String(Number(number.toFixed(places)));

/** @param {Item[]} items @param {Record<string, any>} responses */
export function total(items, responses) {
  const marks = items.map(({ id, rule }) => markRule(rule, responses[id]));
  const sum = (/** @type {"score" | "points"} */ name) => marks.reduce((all, mark) => all + mark[name], 0);
  return { marks, score: sum("score"), points: sum("points") };
}

/** The share that was earned, 0 to 1. @param {{score: number, points: number}} found */
export const shareOf = ({ score, points }) => score / points;

/** A value in a platform's words. @param {Part} part @param {any} value @param {string} version */
function said(part, value, version) {
  const [comma, dot] = version === "1.2" ? [",", "."] : ["[,]", "[.]"];
  if (part.groups) return Object.entries(value ?? {}).map(([row, place]) => `${row}${dot}${place}`).join(comma);
  return [value ?? []].flat().join(comma);
}

/** The right answer as a response. @param {Part} part */
const keyOf = (part) =>
  part.groups ? Object.fromEntries(part.options.map((row, index) => [row, part.type === "order" ? String(part.key.indexOf(row) + 1) : part.key[index]])) : part.key;

/**
 * Tell each part's answer; a platform need not keep them. The score's share stands in for partly right.
 * @param {Lms} lms @param {string} version @param {Item[]} items @param {Record<string, any>} responses @param {(id: string, part: string) => string} legendOf
 */
export function tellAnswers(lms, version, items, responses, legendOf) {
  const at = lms.dialect.time(new Date());
  let index = Number.parseInt(lms.get("cmi.interactions._count"), 10) || 0;
  total(items, responses).marks.forEach(({ parts }, place) => {
    const { id, rule } = items[place];
    for (const part of rule) {
      const { score, points } = parts.find(({ name }) => name === part.name) ?? { score: 0, points: 0 };
      const answered = said(part, responses[id]?.[part.name], version);
      const set = (/** @type {string} */ name, /** @type {string} */ value) => lms.set(`cmi.interactions.${index}.${name}`, value);
      set("id", rule.length > 1 ? `${id}.${part.name}` : id);
      set("type", part.groups ? "matching" : "choice");
      set(lms.dialect.names.at, at);
      set("correct_responses.0.pattern", said(part, keyOf(part), version));
      set("weighting", plain(points, 2));
      if (answered) set(lms.dialect.names.response, answered);
      set("result", score === points ? "correct" : score > 0 ? plain(score / points, 4) : lms.dialect.wrong);
      if (version !== "1.2") set("description", legendOf(id, part.name).slice(0, LONGEST));
      index += 1;
    }
  });
  lms.commit();
}

/** Passed or not, where the platform has a pass mark. @param {Lms} lms @param {string} version @param {number} share */
function passed(lms, version, share) {
  const mark = Number.parseFloat(lms.get("mastery"));
  if (Number.isNaN(mark)) return "";
  return share >= (version === "1.2" ? mark / 100 : mark) ? "passed" : "failed";
}

/**
 * Record a sheet's score and that it is complete. Returns what the platform failed with, or an empty text.
 * @param {Lms} lms @param {string} version @param {number} share
 */
export function record(lms, version, share) {
  const verdict = passed(lms, version, share);
  /** @type {[string, string | number][]} */
  const values = [["min", 0], ["max", 100], ["raw", plain(share * 100, 4)], ["status", (version === "1.2" && verdict) || "completed"]];
  if (version !== "1.2") values.push(["scaled", plain(share, 7)]);
  if (version !== "1.2" && verdict) values.push(["success", verdict]);
  const told = values.every(([name, value]) => lms.set(name, value)) && lms.commit();
  return told ? "" : lms.fault() || "it gave no reason";
}
