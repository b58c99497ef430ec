// @ts-check
/** In the place of store.mjs in JupyterLab: the same records, kept by the kernel. A view has a copy and hands in what changes. */
import { Refused, ask, onKept, stash, trouble } from "./kernel.mjs";

/** @typedef {typeof import("../store.mjs")} Store */
/** @typedef {import("./kernel.mjs").Operation} Operation */

/** @type {Map<string, any>} */
const records = new Map();
/** What tells one state of an exam that was kept from another, by id. @type {Map<string, string>} */
const stamps = new Map();
/** @type {Map<string, Operation>} */
let changes = new Map();
/** What this view has handed in and no answer has come for. @type {Map<string, Operation>} */
const open = new Map();
/** @type {Set<(kind: string, id: string) => void>} */
const watchers = new Set();

/** @type {Store["isRecord"]} */
export const isRecord = /** @type {Store["isRecord"]} */ ((value) => typeof value === "object" && value !== null && !Array.isArray(value));

/** @type {Store["keptNot"]} */
export const keptNot = trouble;

/** @type {Store["now"]} */
export const now = () => Math.floor(Date.now() / 1000);

/** @type {Store["damaged"]} the kernel sends what can be read */
export const damaged = () => [];

/** @type {Store["read"]} */
export const read = (kind, id) => structuredClone(records.get(`${kind}:${id}`));

/** @type {Store["all"]} */
export const all = (kind) =>
  Object.fromEntries([...records].filter(([key]) => key.startsWith(`${kind}:`)).map(([key, value]) => [key.slice(kind.length + 1), structuredClone(value)]));

/** @type {Store["watch"]} */
export function watch(tell) {
  watchers.add(tell);
  return () => watchers.delete(tell);
}

/** @param {string} kind @param {string} id @param {any} value */
function put(kind, id, value) {
  if (value === undefined || value === null) records.delete(`${kind}:${id}`);
  else records.set(`${kind}:${id}`, JSON.parse(JSON.stringify(value)));
  for (const tell of watchers) tell(kind, id);
}

/** What is handed in of a change: a whole exam, but of an item only the attempts and the flag, by a key each. @param {string} kind @param {string} id @param {any} before @param {any} value @returns {[string, Operation][]} */
function operations(kind, id, before, value) {
  if (kind === "exam") return [[`exam:${id}`, { what: "exam", id, value: value ?? null, stamp: stamps.get(id) ?? "" }]];
  if (kind !== "item") return [];
  const added = (value?.log ?? []).slice(before?.log?.length ?? 0);
  const logs = added.map((/** @type {any} */ attempt) => [`log:${id}:${attempt.at}`, { what: "log", id, attempt }]);
  const flagged = value?.flag === true;
  return flagged === (before?.flag === true) ? logs : [...logs, [`flag:${id}`, { what: "flag", id, flagged }]];
}

/** Hand in what has changed; what gets no answer waits for the next view. */
function handIn() {
  const sent = changes;
  changes = new Map();
  for (const [key, operation] of sent) for (const list of [stash, open]) list.set(key, operation);
  const done = () => {
    for (const [key, operation] of sent) for (const list of [stash, open]) if (list.get(key) === operation) list.delete(key);
  };
  ask({ what: "keep", operations: [...sent.values()] }).then(
    ({ kept }) => (done(), take(kept)),
    (error) => error instanceof Refused && done(), // what is refused once is refused again
  );
}

/** @type {Store["write"]} */
export function write(kind, id, value) {
  const made = operations(kind, id, read(kind, id), value);
  if (made.length && !changes.size) queueMicrotask(handIn);
  for (const [key, operation] of made) changes.set(key, JSON.parse(JSON.stringify(operation)));
  put(kind, id, value);
  return !trouble();
}

/** @type {Store["update"]} */
export const update = (kind, id, change) => write(kind, id, change(read(kind, id) ?? {}));

/** @type {Store["logAttempt"]} */
export const logAttempt = (id, attempt) => update("item", id, (item) => ({ ...item, log: [...(item.log ?? []), attempt] }));

/** Whether this view goes on writing an exam that the kernel has of it. @param {any} here @param {any} there */
const isOwn = (here, there) => here && there && here.owner === there.owner && (here.submitted || !there.submitted);

/** Whether a change of a record has no answer yet. @param {string} kind @param {string} id */
const waits = (kind, id) =>
  [...changes.values(), ...open.values()].some((each) => each.id === id && (each.what === "exam") === (kind === "exam"));

/** Take over what is kept, unless this view has gone on since. @param {import("./kernel.mjs").Kept[]} kept */
export function take(kept) {
  for (const { kind, id, value, stamp } of kept) {
    if (kind === "exam") stamps.set(id, stamp);
    if (!waits(kind, id) || (kind === "exam" && !isOwn(records.get(`exam:${id}`), value))) put(kind, id, value);
  }
}

onKept(take);
