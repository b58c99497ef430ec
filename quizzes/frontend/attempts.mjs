// @ts-check
/** Attempts of a room in the history of each item: blank and malformed answers are none. */
import { logAttempt, now, update } from "./store.mjs";

/** @param {string} id @param {string} outcome @param {{where: string, at?: number, seconds?: number, chose?: string}} more */
export function log(id, outcome, { where, at = now(), seconds, chose }) {
  if (outcome === "blank" || outcome === "malformed") return;
  logAttempt(id, { at, outcome, where, ...(seconds === undefined ? {} : { seconds: Math.max(0, Math.round(seconds)) }), ...(chose ? { chose } : {}) });
}

/** Answers of an exam count like those given in practice, and its flags are kept. @param {import("./sitting.mjs").Sitting} done */
export function logExam(done) {
  for (const [id, { outcome, chose }] of Object.entries(done.result?.items ?? {})) {
    log(id, outcome, { where: "exam", at: done.submitted, seconds: done.seconds[id] ?? 0, chose });
  }
  for (const id of done.flags) update("item", id, (item) => ({ ...item, flag: true }));
}
