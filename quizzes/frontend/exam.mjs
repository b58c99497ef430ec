// @ts-check
/** The exam room: choose a form, sit it against the clock, leave and come back, submit, and read the report. */
import { MEND, asked, goToHash, onLeave, onMove, tellPage } from "./address.mjs";
import { logExam } from "./attempts.mjs";
import { showTime, ticker, toggleTime } from "./clock.mjs";
import { readCode } from "./draw.mjs";
import { offer, sittingFrom } from "./lobby.mjs";
import { ask, failure, goTo, name, present, rulesOf, waiting } from "./present.mjs";
import { showReport } from "./report.mjs";
import { isResult } from "./outcome.mjs";
import { placesIn } from "./places.mjs";
import * as sitting from "./sitting.mjs";
import { loadIndex, loadItems } from "./site.mjs";
import * as store from "./store.mjs";

/** @typedef {import("./sitting.mjs").Sitting} Sitting */

const KEEP_EVERY = 5; // seconds between two writes of the clock
const AWAY = 150; // a longer gap between two ticks is a device asleep or a page set aside: hidden tabs tick once a minute
const tab = Math.random().toString(36).slice(2); // tells two tabs of one exam apart
/** @type {import("./site.mjs").Index} */
let index;
/** @type {HTMLElement} */
let room;
/** @type {Sitting | null} the exam that runs in this tab */
let exam = null;
let items = /** @type {Map<string, HTMLElement>} */ (new Map());
let rules = /** @type {import("./sitting.mjs").Rules} */ (new Map());
/** @type {ReturnType<typeof placesIn>} */
let places;
let unkept = 0;
const clock = ticker(passed);

/** @param {string} selector @returns {any} */
const find = (selector) => room.querySelector(selector);
/** @param {Sitting} each */
const idOf = (each) => each.started.toString(36);
/** @param {string} id */
const blueprintOf = (id) => index.blueprints.find((each) => each.id === id);
const current = () => sitting.openSection(/** @type {Sitting} */ (exam))[/** @type {Sitting} */ (exam).place];

/** Show one of the room's views and hide the others. @param {string} view */
function view(view) {
  for (const each of /** @type {NodeListOf<HTMLElement>} */ (room.querySelectorAll("[data-view]"))) each.hidden = each.dataset.view !== view;
  tellPage(view);
}

/** Let go of an exam that another page has taken over or submitted. @param {any} there what is kept of it @returns {boolean} */
function isLost(there) {
  if (!exam || !there || (there.owner === tab && !there.submitted)) return false;
  exam = null;
  clock.stop();
  find(".exam-ask").close();
  view("elsewhere");
  goTo(find("[data-view=elsewhere]"));
  return true;
}

/** Keep the exam, unless it is lost: a page out of the browser's cache may be behind. @returns {boolean} whether this page still has it */
function keep() {
  if (!exam || isLost(store.read("exam", idOf(exam)))) return false;
  unkept = 0;
  store.write("exam", idOf(exam), exam);
  find(".exam-notice").textContent = store.keptNot();
  return true;
}

function showLobby() {
  stop();
  view("lobby");
  offer(find(".exam-open"), index, begin, toLobby);
}

/** Back in the lobby, where one goes on. */
function toLobby() {
  showLobby();
  goTo(find(".exam-open"));
}

function showLoading() {
  waiting(find("[data-view=loading]"));
  view("loading");
}

/** Load an exam's questions and run it. @param {Sitting} sat */
async function begin(sat) {
  const ids = sat.sections.slice(sat.section).flat();
  showLoading();
  try {
    items = await loadItems(ids);
  } catch {
    return failure(find("[data-view=loading]"), () => begin(sat), MEND);
  }
  const there = store.read("exam", idOf(sat)); // another page may have gone on while the questions came
  const now = there ? sitting.revive(there, index.items) : sat;
  if (!now || now.submitted) return toLobby();
  rules = rulesOf(items);
  places.forget();
  exam = { ...now, left: sat.left, paused: false };
  run();
}

function run() {
  if (!exam) return;
  exam.owner = tab;
  store.write("exam", idOf(exam), exam);
  clock.start();
  keep();
  if (exam.breakLeft > 0) showBreak();
  else showQuestion();
}

/** Let go of the exam: what has passed is kept. */
function stop() {
  clock.stop();
  keep();
  exam = null;
}

/** @param {number} seconds */
function passed(seconds) {
  if (!exam || exam.paused) return;
  const onBreak = exam.breakLeft > 0;
  exam = seconds > AWAY ? { ...exam, left: exam.left + 1 } : sitting.pass(exam, seconds);
  unkept += seconds;
  if (unkept > KEEP_EVERY && !keep()) return;
  if (onBreak && exam.breakLeft === 0) showQuestion();
  showTime(room, exam);
  if (sitting.timeLeft(exam) === 0) submitAll(true);
}

function showQuestion() {
  if (!exam) return;
  view("running");
  const ids = sitting.openSection(exam);
  const id = current();
  const item = /** @type {HTMLElement} */ (items.get(id)?.cloneNode(true));
  const told = sitting.numbers(ids, rules);
  const last = told[told.length - 1].split("–").at(-1);
  name(item, `Question ${told[exam.place]} of ${last}`);
  const state = { responses: exam.responses, checked: {} };
  present(find(".exam-item"), [item], "sheet", state, () => answered(id, state.responses));
  find(".exam-where").textContent = exam.sections.length > 1 ? `Section ${exam.section + 1} of ${exam.sections.length}` : exam.title;
  find(".exam-submit").textContent = sitting.isLast(exam) ? "Submit exam" : "Submit section";
  find(".exam-pause").hidden = !blueprintOf(exam.blueprint)?.pause;
  showMoves(ids.length);
  places.show(exam, rules);
  showTime(room, exam);
  goTo(item);
}

/** @param {string} id @param {Record<string, any>} responses */
function answered(id, responses) {
  if (!exam) return;
  exam.responses = responses;
  if (!Object.keys(exam.responses[id] ?? {}).length) delete exam.responses[id];
  places.mark(exam, rules);
  keep();
}

/** @param {number} number of items */
function showMoves(number) {
  if (!exam) return;
  find(".exam-previous").disabled = exam.place === 0;
  find(".exam-next").disabled = exam.place === number - 1;
  find(".exam-flag").setAttribute("aria-pressed", String(exam.flags.includes(current())));
}

/** @param {number} place */
function moveTo(place) {
  if (!exam || place < 0 || place >= sitting.openSection(exam).length) return;
  clock.tick();
  exam.place = place;
  keep();
  showQuestion();
}

async function submit() {
  if (!exam) return;
  const what = sitting.isLast(exam) ? "the exam" : "this section";
  if (!(await ask(find(".exam-ask"), `${sitting.warning(exam, rules)}Submit ${what}? It cannot be opened again.`, "Submit"))) return;
  if (!exam) return; // time ran out while the question was open
  if (sitting.isLast(exam)) return submitAll(false);
  exam = sitting.submitSection(exam, 60 * (blueprintOf(exam.blueprint)?.break_minutes ?? 0));
  if (!keep()) return;
  if (exam.breakLeft > 0) showBreak();
  else showQuestion();
}

function showBreak() {
  if (!exam) return;
  view("break");
  showTime(room, exam);
  goTo(find(".exam-break-title"));
}

function endBreak() {
  if (exam) exam.breakLeft = 0;
  showQuestion();
}

/** @param {boolean} timeUp */
async function submitAll(timeUp) {
  if (!exam || !keep()) return;
  const sat = exam;
  exam = null; // before the clock stops: its last tick is nobody's
  clock.stop();
  find(".exam-ask").close();
  showLoading();
  let all;
  try {
    all = await loadItems(sat.sections.flat());
  } catch {
    return failure(find("[data-view=loading]"), () => {
      exam = sat;
      submitAll(timeUp);
    }, MEND);
  }
  const done = { ...sitting.finish(sat, rulesOf(all), store.now()), ...(timeUp ? { timeUp: true } : {}) };
  store.write("exam", idOf(done), done);
  logExam(done);
  goToHash(`report/${idOf(done)}`);
}

/** Show what the address asks for. @param {boolean} moved within the page, where a heading's address asks for nothing */
function route(moved) {
  const [what, id] = asked().split("/");
  const done = what === "report" && store.read("exam", id);
  const code = readCode(what, index.blueprints.map((each) => each.id));
  if ((exam && !done) || (moved && what && !done && !code)) return;
  if (isResult(done?.result)) {
    stop();
    view("report");
    return showReport(find("[data-view=report]"), done, index);
  }
  showLobby();
  const form = code && find(`form[data-blueprint="${code.blueprint}"]`);
  if (form) {
    form.elements.code.value = what;
    goTo(form.closest(".exam-card"));
  }
}

function bind() {
  for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (room.querySelectorAll("form[data-blueprint]"))) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const sat = sittingFrom(form, index);
      /** @type {HTMLElement} */ (form.querySelector(".exam-code-fault")).textContent = typeof sat === "string" ? sat : "";
      if (typeof sat !== "string") begin(sat);
    });
  }
  /** @type {Record<string, () => void>} */
  const actions = {
    ".exam-previous": () => exam && moveTo(exam.place - 1),
    ".exam-next": () => exam && moveTo(exam.place + 1),
    ".exam-submit": submit,
    ".exam-leave": toLobby,
    ".exam-end-break": endBreak,
    ".exam-flag": flip,
    ".exam-here": toLobby,
    ".exam-hide": () => toggleTime(room),
    ".exam-pause": () => pause(true),
    ".exam-go-on": () => pause(false),
  };
  for (const [selector, act] of Object.entries(actions)) find(selector).addEventListener("click", act);
}

function flip() {
  if (!exam) return;
  exam = sitting.flip(exam, current());
  showMoves(sitting.openSection(exam).length);
  places.mark(exam, rules);
  keep();
}

/** @param {boolean} paused */
function pause(paused) {
  if (!exam) return;
  clock.tick();
  exam = { ...exam, paused };
  if (!keep()) return;
  if (!paused) return showQuestion();
  view("paused");
  goTo(find(".exam-paused-title"));
}

/** @param {HTMLElement} el @returns {Promise<() => void>} what lets go of the exam */
export async function open(el) {
  room = el;
  index = await loadIndex();
  places = placesIn(find(".exam-navigator"), moveTo);
  bind();
  store.watch((kind, id) => exam && kind === "exam" && id === idOf(exam) && isLost(store.read("exam", id)));
  onMove(() => route(true));
  onLeave(() => void (clock.tick(), keep()));
  route(false);
  find("form[data-pressed]")?.requestSubmit(); // a press that came before this module
  return stop;
}
