// @ts-check
/** When a flashcard comes back: boxes after Leitner. Pure: records, terms and the time in, records and orders out. */

/** @typedef {{at: number, knew: boolean}} Review */
/** @typedef {{box: number, due: number, log?: Review[]}} Card */
/** @typedef {Record<string, Card>} Cards */

export const DAYS = [0, 1, 3, 7, 21, 60]; // until a card of the box is due again: docs/progress-file.md says why
export const NEW_A_DAY = 10;

/** The start of a day in this device's time zone, so that a card of last evening is due in the morning. @param {number} at @param {number} days later */
function dayStart(at, days = 0) {
  const day = new Date(at * 1000);
  const start = new Date(day.getFullYear(), day.getMonth(), day.getDate() + days); // where midnight is left out here, it is not there
  return Math.floor(start.getTime() / 1000);
}

/** A review after now was kept under a clock that was wrong: such a card is due. @param {Card} card @param {number} now */
const isDue = ({ due, log }, now) => due <= now || (log?.at(-1)?.at ?? 0) > now;

/** Where a card goes after a review; knowing it before it is due proves little and leaves it. @param {Card | undefined} card @param {Review} review @returns {Card} */
export function reviewed(card, review) {
  const { box, due, log = [] } = card ?? { box: 0, due: 0 };
  const { at, knew } = review;
  if (!knew) return { box: 0, due: at, log: [...log, review] };
  if (card && !isDue(card, at)) return { box, due, log: [...log, review] };
  const next = Math.min(Math.max(box, 0) + 1, DAYS.length - 1);
  return { box: next, due: dayStart(at, DAYS[next]), log: [...log, review] };
}

/** The card that a history makes. @param {Review[]} log @returns {Card} */
export const replayed = (log) => log.reduce((/** @type {Card | undefined} */ card, review) => reviewed(card, review), undefined) ?? { box: 0, due: 0 };

/** A number of a text that looks like chance, and is the same all day. @param {string} text */
function mixed(text) {
  let hash = 2166136261;
  for (const letter of text) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619) >>> 0;
  return Math.imul(hash ^ (hash >>> 15), 2246822519) >>> 0;
}

/** @param {string[]} ids @param {number} now */
const shuffled = (ids, now) => ids.sort((one, two) => mixed(dayStart(now) + one) - mixed(dayStart(now) + two));

/** @param {Card | undefined} card @param {number} now */
const today = (card, now) => (card?.log ?? []).filter(({ at }) => at >= dayStart(now) && at < dayStart(now, 1));

/** Today's reviews by card. @param {Cards} cards @param {number} now @returns {[string, Review[]][]} */
export const reviewsToday = (cards, now) =>
  Object.keys(cards).map((id) => /** @type {[string, Review[]]} */ ([id, today(cards[id], now)])).filter(([, reviews]) => reviews.length);

/** @param {Card | undefined} card @param {number} now */
const isNewToday = (card, now) => (card?.log?.[0]?.at ?? 0) >= dayStart(now);

/**
 * What comes now, in its order: what is due, new ones in the order of the glossary up to the day's number, and again what
 * was not known today. @param {string[]} terms @param {Cards} cards @param {number} now @param {number} perDay
 */
export function deck(terms, cards, now, perDay) {
  const due = terms.filter((id) => cards[id]?.log?.length && isDue(cards[id], now));
  const again = due.filter((id) => today(cards[id], now).length);
  const begun = terms.filter((id) => cards[id]?.log?.length && isNewToday(cards[id], now)).length;
  const fresh = terms.filter((id) => !cards[id]?.log?.length).slice(0, Math.max(0, perDay - begun));
  again.sort((one, two) => (cards[one].log?.at(-1)?.at ?? 0) - (cards[two].log?.at(-1)?.at ?? 0));
  return { due: shuffled(due.filter((id) => !again.includes(id)), now), fresh: shuffled(fresh, now), again };
}

/** How many cards are due on the next days, soonest first. @param {string[]} terms @param {Cards} cards @param {number} now @returns {[number, number][]} start of the day, cards */
export function coming(terms, cards, now) {
  /** @type {Map<number, number>} */
  const days = new Map();
  for (const { due } of terms.filter((id) => cards[id] && !isDue(cards[id], now)).map((id) => cards[id])) days.set(dayStart(due), (days.get(dayStart(due)) ?? 0) + 1);
  return [...days].sort(([one], [two]) => one - two);
}
