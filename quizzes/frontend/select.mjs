// @ts-check
/** Which questions a learner practises: pure choices from the bank's index and the history. */

/** @typedef {import("./site.mjs").Entry} Entry */
/** @typedef {Record<string, import("./store.mjs").ItemRecord>} History */
/** @typedef {{difference?: string, sector?: string, kind?: string, level?: string, exam?: string, which?: string}} Filter */

/** @param {import("./store.mjs").ItemRecord | undefined} item */
const last = (item) => item?.log?.at(-1);

/**
 * Whether the last attempt at an item was not right, and no sibling has been answered rightly since.
 * @param {string} id @param {History} history @param {Record<string, Entry>} items
 */
export function isMissed(id, history, items) {
  const miss = last(history[id]);
  if (!miss || miss.outcome === "right") return false;
  const family = Object.keys(items).filter((other) => items[other].family === items[id]?.family);
  return !family.some((other) => history[other]?.log?.some(({ at, outcome }) => outcome === "right" && at > miss.at));
}

/** Whether an item was never answered. @param {string} id @param {History} history */
export const isNew = (id, history) => !history[id]?.log?.length && history[id]?.response === undefined;

/** @type {Record<string, (id: string, history: History, items: Record<string, Entry>) => boolean>} */
const WHICH = { missed: isMissed, new: isNew, flagged: (id, history) => history[id]?.flag === true };

/** @param {Entry} entry @param {Filter} filter */
const fits = (entry, { difference, sector, kind, level, exam }) =>
  (!difference || entry.difference === difference) &&
  (!sector || entry.sector === sector) &&
  (!kind || entry.kind === kind) &&
  (!level || String(entry.level) === level) &&
  (!exam || entry.exam.some((tag) => tag === exam || tag.startsWith(`${exam}/`)));

/** The ids that meet every condition, in the index's order. @param {Record<string, Entry>} items @param {Filter} filter @param {History} history */
export function matching(items, filter, history) {
  const which = WHICH[filter.which ?? ""];
  return Object.keys(items).filter((id) => fits(items[id], filter) && (!which || which(id, history, items)));
}

/** @template T @param {T[]} list @param {() => number} random @returns {T[]} */
export function shuffled(list, random) {
  const mixed = [...list];
  for (let end = mixed.length - 1; end > 0; end -= 1) {
    const other = Math.floor(random() * (end + 1));
    [mixed[end], mixed[other]] = [mixed[other], mixed[end]];
  }
  return mixed;
}

/**
 * Another item of the family, of the same kind where there is one: not seen before seen, never one of `taken`.
 * @param {string} id @param {Record<string, Entry>} items @param {History} history @param {string[]} taken @returns {string | undefined}
 */
export function sibling(id, items, history, taken) {
  const family = Object.keys(items).filter((other) => other !== id && items[other].family === items[id].family && !taken.includes(other));
  /** @param {string} other */
  const rank = (other) => Number(items[other].kind !== items[id].kind) * 4 + Number(!isNew(other, history)) * 2 + Number(!isMissed(other, history, items));
  return family.sort((one, two) => rank(one) - rank(two))[0];
}

/**
 * A queue of up to `count` items: one of a family before the second of any, not seen before seen; where what was missed
 * is asked for, a sibling stands in for the item, so that no stem is merely remembered.
 * @param {Record<string, Entry>} items @param {Filter} filter @param {History} history @param {number} count @param {() => number} random
 */
export function queueOf(items, filter, history, count, random) {
  const mixed = shuffled(matching(items, filter, history), random);
  /** @type {Map<string, number>} */
  const turns = new Map();
  const turn = new Map(mixed.map((id) => {
    const before = turns.get(items[id].family) ?? 0;
    turns.set(items[id].family, before + 1);
    return [id, before];
  }));
  const ranked = [...mixed].sort((one, two) =>
    Number(!isNew(one, history)) - Number(!isNew(two, history)) || (turn.get(one) ?? 0) - (turn.get(two) ?? 0));
  const chosen = ranked.slice(0, count);
  if (filter.which !== "missed") return chosen;
  return chosen.reduce((/** @type {string[]} */ queue, id) => [...queue, sibling(id, items, history, [...chosen, ...queue]) ?? id], []);
}
