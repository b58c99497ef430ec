// @ts-check
/** The clock of an exam: it counts while the page is open, by a clock that nobody can set. */
import { timeLeft } from "./sitting.mjs";

const WARNINGS = [1, 5, 10]; // minutes

/** @param {number} seconds */
export function clockText(seconds) {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds % 60)];
  return `${hours ? `${hours}:` : ""}${String(minutes).padStart(hours ? 2 : 1, "0")}:${String(rest).padStart(2, "0")}`;
}

/** Tell four times a second how many seconds have passed. @param {(seconds: number) => void} passed */
export function ticker(passed) {
  let last = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  function tick() {
    if (!timer) return;
    const now = performance.now();
    const seconds = (now - last) / 1000;
    last = now;
    passed(seconds);
  }
  function stop() {
    tick();
    clearInterval(timer);
    timer = undefined;
  }
  function start() {
    clearInterval(timer);
    last = performance.now();
    timer = setInterval(tick, 250);
  }
  return { start, stop, tick };
}

/** Show what is left, and say it at ten, five and one minute. @param {HTMLElement} room @param {import("./sitting.mjs").Sitting} exam */
export function showTime(room, exam) {
  const [clock, rest, said] = [".exam-clock", ".exam-break-clock", ".exam-said"].map((each) => /** @type {HTMLElement} */ (room.querySelector(each)));
  clock.textContent = clockText(timeLeft(exam));
  rest.textContent = clockText(exam.breakLeft);
  const near = WARNINGS.find((minutes) => timeLeft(exam) < minutes * 60 && minutes * 60 < exam.limit);
  const text = near ? `Less than ${near} ${near === 1 ? "minute" : "minutes"} left.` : "";
  if (said.textContent !== text) said.textContent = text;
}

/** Hide the time, or show it again. @param {HTMLElement} room */
export function toggleTime(room) {
  const [clock, hide] = [".exam-clock", ".exam-hide"].map((each) => /** @type {HTMLElement} */ (room.querySelector(each)));
  clock.hidden = !clock.hidden;
  hide.textContent = clock.hidden ? "Show time" : "Hide time";
}
