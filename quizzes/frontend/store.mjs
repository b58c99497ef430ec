// @ts-check
/**
 * What the browser keeps: small records by kind and id. Where storage is blocked or full, records last as long as the page.
 * docs/site.md lists the kinds. A record that cannot be read is passed over and named by `damaged`.
 */
import { root } from "./site.mjs";

export const VERSION = 2;
const FAMILY = "project-or-operation";
const prefix = `${FAMILY}:${VERSION}:${root.pathname}:`;

/** @typedef {{at: number, outcome: string, seconds?: number, where: string, chose?: string, sure?: number}} Attempt */
/** @typedef {{response?: Record<string, any>, checked?: true, flag?: true, log?: Attempt[]}} ItemRecord */

/** @param {any} value @returns {value is Record<string, any>} */
export const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** @param {any} log @param {(entry: any) => boolean} fits */
const isLog = (log, fits) => log === undefined || (Array.isArray(log) && log.every((entry) => isRecord(entry) && Number.isFinite(entry.at) && fits(entry)));

/** Whether a value is a record of its kind. @type {Record<string, (value: any) => boolean>} */
export const FORMS = {
  item: (value) => isRecord(value) && (value.response === undefined || isRecord(value.response)) && isLog(value.log, (entry) => typeof entry.outcome === "string"),
  exam: (value) => isRecord(value) && Number.isFinite(value.started) && isRecord(value.responses)
    && isRecord(value.seconds ?? {}) && Array.isArray(value.flags ?? []) && Array.isArray(value.sections) && value.sections.every(Array.isArray),
  card: (value) => isRecord(value) && Number.isInteger(value.box) && Number.isFinite(value.due) && isLog(value.log, (entry) => typeof entry.knew === "boolean"),
  session: (value) => isRecord(value) && Array.isArray(value.queue) && Number.isInteger(value.at) && value.at >= 0
    && isRecord(value.responses) && isRecord(value.checked) && isRecord(value.done),
  setting: (value) => value !== undefined && value !== null,
};

/** Records that storage did not take. @type {Map<string, any>} */
const memory = new Map();
let trouble = "";
/** @type {Set<(kind: string, id: string) => void>} */
const watchers = new Set();

/** @param {() => any} action */
function guarded(action) {
  try {
    return action();
  } catch (error) {
    trouble = error instanceof DOMException && error.name === "QuotaExceededError" ? "full" : "blocked";
    return undefined;
  }
}

/** Why records are not kept, or "". @returns {string} */
export const keptNot = () => trouble && (trouble === "full"
  ? "This browser's storage is full. What you do from now on lasts only as long as this page is open."
  : "This browser keeps nothing for this site. What you do lasts only as long as this page is open.");

/** @param {string} kind @param {string | null} text @returns {any} undefined where it is no record of the kind */
function parsed(kind, text) {
  try {
    const value = JSON.parse(text ?? "null");
    return Object.hasOwn(FORMS, kind) && FORMS[kind](value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} kind @param {string} id @returns {any} */
export function read(kind, id) {
  const key = `${prefix}${kind}:${id}`;
  return memory.has(key) ? structuredClone(memory.get(key)) : parsed(kind, guarded(() => localStorage.getItem(key)));
}

/** Keep a record; undefined removes it. @param {string} kind @param {string} id @param {any} value @returns {boolean} whether storage took it */
export function write(kind, id, value) {
  const key = `${prefix}${kind}:${id}`;
  const before = trouble;
  trouble = "";
  memory.delete(key);
  if (value === undefined) guarded(() => localStorage.removeItem(key));
  else if (guarded(() => localStorage.setItem(key, JSON.stringify(value)) ?? true) === undefined) memory.set(key, structuredClone(value));
  trouble ||= memory.size ? before : "";
  for (const tell of watchers) tell(kind, id);
  return !memory.has(key);
}

/** Change a record, or make one. @param {string} kind @param {string} id @param {(value: any) => any} change */
export const update = (kind, id, change) => write(kind, id, change(read(kind, id) ?? {}));

/** @returns {string[]} all keys of this site, with or without storage */
const keys = () => [...new Set([...(guarded(() => Object.keys(localStorage)) ?? []), ...memory.keys()])].filter((key) => key.startsWith(prefix));

/** @param {string} key @returns {[string, string]} */
function split(key) {
  const [kind, ...id] = key.slice(prefix.length).split(":");
  return [kind, id.join(":")];
}

/** All records of a kind by id. @param {string} kind @returns {Record<string, any>} */
export function all(kind) {
  const pairs = keys().map(split).filter(([each]) => each === kind).map(([, id]) => [id, read(kind, id)]);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}

/** What is kept and cannot be read, as [kind, id]. */
export const damaged = () => keys().map(split).filter(([kind, id]) => read(kind, id) === undefined);

/** Remove all that this site keeps. */
export function reset() {
  for (const key of keys()) write(...split(key), undefined);
}

/** Be told of each change, here or in another tab; of a clearing with "" twice. @param {(kind: string, id: string) => void} tell @returns {() => void} what ends it */
export function watch(tell) {
  watchers.add(tell);
  return () => watchers.delete(tell);
}

/** Add an attempt to an item's history. @param {string} id @param {Attempt} attempt */
export const logAttempt = (id, attempt) => update("item", id, (item) => ({ ...item, log: [...(item.log ?? []), attempt] }));

export const now = () => Math.floor(Date.now() / 1000);

/** Version 1 kept `{response, checked}` under the item's id alone. */
function migrate() {
  const old = `${FAMILY}:1:${root.pathname}:`;
  for (const key of guarded(() => Object.keys(localStorage)) ?? []) {
    if (!key.startsWith(old)) continue;
    const id = key.slice(old.length);
    const record = parsed("item", guarded(() => localStorage.getItem(key)));
    if (!record) continue;
    if (!read("item", id)) write("item", id, record);
    if (!memory.size) guarded(() => localStorage.removeItem(key));
  }
}

migrate();
guarded(() => localStorage.length); // notes at once where storage is blocked
window.addEventListener("storage", ({ key }) => {
  if (key === null || key.startsWith(prefix)) for (const tell of watchers) tell(...(key ? split(key) : /** @type {[string, string]} */ (["", ""])));
});
