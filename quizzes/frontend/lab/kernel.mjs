// @ts-check
/**
 * The room's line to the Python kernel: questions with answers, what is to be kept, and what others have kept.
 * quizzes/study/exam_room.py is the other end.
 */

/** @typedef {{send: (content: any) => void, on: (event: string, act: any) => void, off: (event: string, act: any) => void}} Line */
/** @typedef {{what: "exam", id: string, value: any, stamp: string} | {what: "log", id: string, attempt: any} | {what: "flag", id: string, flagged: boolean}} Operation */
/** @typedef {{id: string, value: any, stamp: string, kind: string}} Kept */

const PATIENCE = 15_000; // milliseconds until a kernel that says nothing counts as gone: another cell may keep it busy that long
const IMPATIENCE = 2_000; // where it has been silent before
const STASH = Symbol.for("project-or-operation:unanswered");

/** What no kernel has taken yet, for as long as the page is open: the next view hands it in. @type {Map<string, Operation>} */
export const stash = /** @type {any} */ (globalThis)[STASH] ??= new Map();

/** @type {Line} */
let line;
let told = ""; // why the kernel keeps nothing
let silent = false;
let count = 0;
const view = Math.random().toString(36).slice(2);
/** @type {Map<string, (answer: any) => void>} */
const waiting = new Map();
/** @type {Set<(kept: Kept[]) => void>} */
const listeners = new Set();

/** @param {any} answer */
function heard(answer) {
  silent = false;
  told = answer.fault ?? answer.trouble ?? told;
  waiting.get(answer.to)?.(answer);
  waiting.delete(answer.to);
  if (answer.kept) for (const tell of listeners) tell(answer.kept);
}

/** The kernel has answered that it does not do what it was asked. */
export class Refused extends Error {}

const lost = () => void (silent = true);

/** Begin to listen. @param {Line} model @returns {() => void} what ends it */
export function connect(model) {
  line = model;
  model.on("msg:custom", heard);
  model.on("comm_live_update", lost); // JupyterLab's word for a kernel that ends or restarts
  return () => {
    model.off("msg:custom", heard);
    model.off("comm_live_update", lost);
  };
}

/** Ask the kernel; rejects where it is gone, does not answer in time, or refuses. @param {Record<string, any>} message @returns {Promise<any>} */
export function ask(message) {
  const to = `${view}:${(count += 1)}`;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      lost();
      reject(new Error("the kernel does not answer"));
    }, silent ? IMPATIENCE : PATIENCE);
    waiting.set(to, (answer) => {
      clearTimeout(timer);
      if (answer.fault) reject(new Refused(answer.fault));
      else resolve(answer);
    });
    try {
      line.send({ ...message, to });
    } catch {
      lost(); // a closed connection throws; the time limit does the rest
    }
  });
}

/** @param {(kept: Kept[]) => void} tell */
export const onKept = (tell) => void listeners.add(tell);

/** Why what is done is not kept, or "". */
export const trouble = () =>
  silent ? "The kernel does not answer: what you do lasts only as long as this page is open. Run the cell again to keep it." : told;
