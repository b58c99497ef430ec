// @ts-check
/** What a submitted exam says: pure figures from its record and the bank's index. */

import { domainsOf } from "./draw.mjs";
import { isRecord } from "./store.mjs";

/** @typedef {import("./sitting.mjs").Sitting} Sitting */
/** @typedef {import("./site.mjs").Index} Index */
/** @typedef {{name: string, right: number, questions: number, href?: string}} Row */

/** Whether a kept result makes sense. @param {any} result */
export const isResult = (result) =>
  isRecord(result) && Number.isFinite(result.right) && result.questions > 0 && isRecord(result.items ?? {})
  && Object.values(result.items ?? {}).every((item) => isRecord(item) && Number.isFinite(item.right) && item.questions > 0);

/** @param {Sitting} done @returns {[string, import("./sitting.mjs").ItemResult][]} in the order of the paper */
export const results = (done) => done.sections.flat().filter((id) => Object.hasOwn(done.result?.items ?? {}, id)).map((id) => [id, /** @type {any} */ (done.result).items[id]]);

/** Right answers by the names that an item goes under. @param {Sitting} done @param {(id: string) => string[]} namesOf @returns {Row[]} */
function grouped(done, namesOf) {
  /** @type {Map<string, Row>} */
  const rows = new Map();
  for (const [id, { right, questions }] of results(done)) {
    for (const name of namesOf(id)) {
      const row = rows.get(name) ?? { name, right: 0, questions: 0 };
      rows.set(name, { ...row, right: row.right + right, questions: row.questions + questions });
    }
  }
  return [...rows.values()];
}

/** By domain of the exam. @param {Sitting} done @param {Index} index @param {string} exam */
export function byDomain(done, index, exam) {
  const domains = domainsOf(/** @type {any} */ (index), exam);
  return grouped(done, (id) => [domains[id] ?? "Other questions of this course"]);
}

/** @param {Sitting} done @param {Index} index */
export function byDifference(done, index) {
  const rows = grouped(done, (id) => [index.items[id]?.difference ?? ""]);
  const known = rows.filter(({ name }) => index.differences[name]);
  return known.map((row) => ({ ...row, name: index.differences[row.name].name, href: index.differences[row.name].page }));
}

/** @param {Sitting} done @param {Index} index */
export const byKind = (done, index) => grouped(done, (id) => [index.kinds[index.items[id]?.kind] ?? "Other"]);

/** @param {Sitting} done @param {Index} index */
export const byLevel = (done, index) => grouped(done, (id) => [`Difficulty ${index.items[id]?.level ?? "unknown"}`]).sort((one, two) => one.name.localeCompare(two.name));

/** Which class was taken for which. @param {Sitting} done */
export function confusions(done) {
  const wrong = results(done).filter(([, { chose, key }]) => chose && key && chose !== key);
  /** @param {string} key @param {string} chose */
  const count = (key, chose) => wrong.filter(([, each]) => each.key === key && each.chose === chose).length;
  const [project, operations] = [count("project", "operations"), count("operations", "project")];
  return { scenarios: results(done).filter(([, { key }]) => key).length, project, operations, other: wrong.length - project - operations };
}

/** @param {number[]} list */
function median(list) {
  const sorted = [...list].sort((one, two) => one - two);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Seconds a question: allowed, median of right and of not right answers. @param {Sitting} done */
export function pace(done) {
  /** @param {boolean} right */
  const spent = (right) =>
    results(done).filter(([id, each]) => done.seconds[id] && each.outcome !== "blank" && (each.outcome === "right") === right)
      .map(([id, each]) => done.seconds[id] / each.questions);
  const [right, wrong] = [spent(true), spent(false)];
  return {
    allowed: done.limit / (done.result?.questions || 1),
    right: right.length ? median(right) : null,
    wrong: wrong.length ? median(wrong) : null,
  };
}
