// @ts-check
/**
 * Answers as a short text, since SCORM 1.2 keeps 4,096 characters: a character for each choice, row or box, by its number.
 * The text starts with what tells this set of questions from another, so that answers never land on other questions.
 */

/** @typedef {import("../quiz.mjs").Part} Part */
/** @typedef {import("../quiz.mjs").Response} Response */
/** @typedef {{id: string, rule: Part[]}} Item */
/** @typedef {{responses: Record<string, Response>, done: boolean}} Kept */

const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const BLANK = "-";
const BOXES = 5; // in one character

/** A digest of what the numbers stand for (FNV-1a, 32 bit). @param {Item[]} items */
export function fingerprint(items) {
  const layout = items.map(({ id, rule }) => [id, ...rule.map(({ name, type, options, groups }) => [name, type, options, groups])]);
  let hash = 0x811c9dc5;
  for (const char of JSON.stringify(layout)) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(36).padStart(7, "0");
}

/** @param {string[]} names @param {unknown} name */
const digit = (names, name) => DIGITS[names.indexOf(/** @type {string} */ (name))] ?? BLANK;

/** @param {Part} part */
const widthOf = (part) => (part.groups ? part.options.length : part.type === "some" ? Math.ceil(part.options.length / BOXES) : 1);

/** @param {Part} part @param {any} value */
function packed(part, value) {
  if (part.groups) return part.options.map((row) => digit(part.groups ?? [], value?.[row])).join("");
  if (part.type === "one") return digit(part.options, value);
  const boxes = part.options.map((option) => value?.includes(option) ?? false);
  return Array.from({ length: widthOf(part) }, (_, index) => {
    const bits = boxes.slice(index * BOXES, (index + 1) * BOXES).reduce((sum, on, bit) => sum + (on ? 1 << bit : 0), 0);
    return bits ? DIGITS[bits] : BLANK;
  }).join("");
}

/** @param {Part} part @param {string} text @returns {any} undefined where nothing was answered */
function unpacked(part, text) {
  const numbers = [...text].map((char) => DIGITS.indexOf(char));
  if (part.groups) {
    const placed = part.options.map((row, index) => [row, part.groups?.[numbers[index]]]).filter(([, place]) => place !== undefined);
    return placed.length ? Object.fromEntries(placed) : undefined;
  }
  if (part.type === "one") return part.options[numbers[0]];
  const chosen = part.options.filter((_, index) => Math.max(0, numbers[Math.floor(index / BOXES)] ?? 0) & (1 << index % BOXES));
  return chosen.length ? chosen : undefined;
}

/** @param {Item[]} items @param {Kept} kept */
export function write(items, { responses, done }) {
  const answers = items.map(({ id, rule }) => rule.map((part) => packed(part, responses[id]?.[part.name])).join(""));
  return `${fingerprint(items)}${done ? "!" : ":"}${answers.join("")}`.replace(/-+$/, "");
}

/** What was kept for these questions; null for those of another set. @param {Item[]} items @param {string} text @returns {Kept | null} */
export function read(items, text) {
  const start = fingerprint(items);
  if (!text.startsWith(start)) return null;
  let at = start.length + 1;
  /** @type {Kept["responses"]} */
  const responses = {};
  for (const { id, rule } of items) {
    const response = /** @type {Response} */ ({});
    for (const part of rule) {
      const value = unpacked(part, text.slice(at, at + widthOf(part)));
      at += widthOf(part);
      if (value !== undefined) response[part.name] = value;
    }
    if (Object.keys(response).length) responses[id] = response;
  }
  return { responses, done: text[start.length] === "!" };
}
