// @ts-check
/** A practice session: choose what to practise, answer one at a time or as a page, and see how it went. */
import { log } from "./attempts.mjs";
import { dataOf } from "./quiz.mjs";
import { addTools, failure, goTo, make, markOf, name, present } from "./present.mjs";
import { matching, queueOf, sibling } from "./select.mjs";
import { addressOf, loadIndex, loadItems } from "./site.mjs";
import * as store from "./store.mjs";
import { button } from "./tools.mjs";

/** @typedef {import("./select.mjs").Filter} Filter */
/**
 * `queue` holds the ids in their order, `brought` those that stand in for a missed sibling, `at` the place in the queue, `done` the outcome by id; `shown` is when the item was shown.
 * `where` tells the history whether one difference was asked for, which is then no question any more.
 * @typedef {{queue: string[], brought: string[], at: number, layout: string, where: string, responses: Record<string, any>, checked: Record<string, true>,
 *   done: Record<string, string>, shown: number}} Session
 */

const SIBLING_AFTER = 3; // so many questions later, so that the family is not fresh in mind
/** @type {import("./site.mjs").Index} */
let index;
/** @type {HTMLElement} */
let room;
/** @type {Session} */
let session;

/** @param {string} selector @returns {any} */
const find = (selector) => room.querySelector(selector);
const history = () => store.all("item");

function save() {
  store.write("session", "practice", session);
  find(".practice-notice").textContent = store.keptNot();
}

/** @param {HTMLFormElement} form @returns {Filter & {count: string, layout: string}} */
const readForm = (form) => /** @type {any} */ (Object.fromEntries(new FormData(form)));

/** @param {HTMLFormElement} form */
function countMatches(form) {
  const number = matching(index.items, readForm(form), history()).length;
  find(".practice-matches").textContent = number === 1 ? "1 question matches." : `${number} questions match.`;
  form.querySelector("button")?.toggleAttribute("disabled", number === 0);
}

/** Take the conditions from the address, as in #difference=duration&which=missed. @param {HTMLFormElement} form @returns {boolean} whether there are any */
function fromAddress(form) {
  const asked = [...new URLSearchParams(location.hash.slice(1))].filter(([field, value]) => {
    const list = form.elements.namedItem(field);
    return list instanceof HTMLSelectElement && [...list.options].some((option) => option.value === value);
  });
  for (const [field, value] of asked) /** @type {HTMLSelectElement} */ (form.elements.namedItem(field)).value = value;
  return asked.length > 0;
}

/** @param {string[]} queue @param {string} layout @param {string} where */
function start(queue, layout, where) {
  session = { queue, brought: [], at: 0, layout, where, responses: {}, checked: {}, done: {}, shown: store.now() };
  save();
  show();
}

/** @param {Filter & {count: string, layout: string}} asked */
const begin = (asked) =>
  start(queueOf(index.items, asked, history(), asked.count === "all" ? Infinity : Number(asked.count), Math.random), asked.layout, asked.difference ? "difference" : "practice");

const show = () => (session.at >= session.queue.length ? showSummary() : session.layout === "page" ? showPage() : showOne());

/** Note what was checked since the last time: an attempt of each item's history. @param {HTMLElement[]} items @param {boolean} timed */
function noteChecks(items, timed) {
  for (const item of items) {
    const { id } = dataOf(item);
    if (!session.checked[id] || session.done[id]) continue;
    const { outcome } = markOf(item, session.responses[id]);
    if (outcome === "blank" || outcome === "malformed") {
      delete session.checked[id];
      continue;
    }
    session.done[id] = outcome;
    log(id, outcome, { where: session.where, chose: session.responses[id].class, ...(timed ? { seconds: store.now() - session.shown } : {}) });
  }
}

/** A missed item brings a sibling of its family later in the session, once. @param {string} id */
function bringSibling(id) {
  if (session.done[id] === "right" || session.brought.includes(id)) return;
  const other = sibling(id, index.items, history(), session.queue);
  if (!other) return;
  session.brought.push(other);
  session.queue.splice(Math.min(session.at + SIBLING_AFTER, session.queue.length), 0, other);
}

/** "3 of 4 right", or nothing where nothing was answered. */
function score() {
  const outcomes = Object.values(session.done);
  return outcomes.length ? `${outcomes.filter((outcome) => outcome === "right").length} of ${outcomes.length} right` : "";
}

function showScore() {
  find(".practice-score").textContent = score() && `${score()} so far`;
}

/** @param {string[]} ids @returns {Promise<HTMLElement[] | null>} */
async function itemsOf(ids) {
  const here = ids.filter((id) => index.items[id]);
  try {
    const items = [...(await loadItems(here)).values()];
    for (const item of items) addTools(item, index.items);
    return items;
  } catch {
    failure(find(".practice-items"), show);
    return null;
  }
}

/** @param {boolean} open */
function openSession(open) {
  document.documentElement.toggleAttribute("data-focus", open);
  find(".practice-setup").hidden = open;
  find(".practice-session").hidden = !open;
}

async function showOne() {
  const id = session.queue[session.at];
  find(".practice-next").hidden = true; // a second press would pass over a question
  find(".practice-skip").hidden = true;
  const [item] = (await itemsOf([id])) ?? [];
  openSession(true);
  if (!item || id !== session.queue[session.at]) return; // the learner has gone on meanwhile
  const standsIn = session.brought.includes(id) ? ", in place of one that you missed" : "";
  name(item, `Question ${session.at + 1} of ${session.queue.length}${standsIn}`);
  const next = find(".practice-next");
  const changed = () => {
    const fresh = !session.done[id];
    noteChecks([item], true);
    if (fresh && session.done[id]) bringSibling(id);
    next.hidden = !session.done[id];
    next.textContent = session.at + 1 < session.queue.length ? "Next question" : "See how it went";
    showScore();
    save();
  };
  present(find(".practice-items"), [item], "practice", session, changed);
  for (const each of [".practice-skip", ".practice-leave"]) find(each).hidden = false;
  changed();
  goTo(item);
}

async function showPage() {
  const items = await itemsOf(session.queue);
  openSession(true);
  if (!items) return;
  items.forEach((item, place) => name(item, `Question ${place + 1} of ${items.length}`));
  const next = find(".practice-next");
  const changed = () => {
    noteChecks(items, false);
    showScore();
    save();
  };
  present(find(".practice-items"), items, "practice", session, changed);
  next.hidden = false;
  next.textContent = "See how it went";
  find(".practice-skip").hidden = true;
  find(".practice-leave").hidden = false;
  changed();
  goTo(items[0]);
}

function advance() {
  session.at = session.layout === "page" ? session.queue.length : session.at + 1;
  session.shown = store.now();
  save();
  show();
}

let away = 0;
/** The time in which the page is out of sight is not spent on the question. */
function leaveOutAway() {
  if (document.hidden) away = store.now();
  else if (session && away) session.shown += store.now() - away;
}

/** @param {string} id */
function missLine(id) {
  const entry = index.items[id];
  const link = make("a", { href: addressOf(id, entry) }, `Read question ${session.queue.indexOf(id) + 1} again`);
  return make("li", {}, `${index.differences[entry.difference]?.name ?? entry.difference}, ${session.done[id]}. `, link);
}

/** End early: what was answered is summed up all the same. */
function end() {
  if (!Object.keys(session.done).length) return leave();
  session.at = session.queue.length;
  save();
  showSummary();
}

function showSummary() {
  const missed = Object.keys(session.done).filter((id) => session.done[id] !== "right" && index.items[id]);
  const title = make("h3", {}, score() || "Nothing answered");
  const content = [title];
  if (missed.length) {
    content.push(make("p", {}, "What was not right:"), make("ul", {}, ...missed.map(missLine)));
    content.push(button("Practise what I missed", () => start(missed.map((id) => sibling(id, index.items, history(), missed) ?? id), session.layout, session.where)));
  }
  content.push(button("Practise something else", leave));
  content.push(make("p", {}, make("a", { href: new URL("progress.html", location.href).href }, "See your progress")));
  openSession(true);
  for (const each of [".practice-next", ".practice-skip", ".practice-leave"]) find(each).hidden = true;
  find(".practice-score").textContent = "";
  find(".practice-items").replaceChildren(make("div", { class: "practice-summary" }, ...content));
  goTo(title);
}

/** Close the session and go back to the choice. */
function leave() {
  store.write("session", "practice", undefined);
  openSession(false);
  const form = find("form");
  countMatches(form);
  offerToResume();
  goTo(form);
}

function offerToResume() {
  const kept = store.read("session", "practice");
  const open = kept && kept.queue.some(isHere);
  const resume = find(".practice-resume");
  resume.hidden = !open;
  find("form [type=submit]").textContent = open ? "Start a new session" : "Start";
  if (!open) return;
  const over = kept.at >= kept.queue.length;
  resume.textContent = over ? "See how your last session went" : `Go on: question ${kept.at + 1} of ${kept.queue.length}`;
  resume.onclick = goOn;
}

/** @param {string} id */
const isHere = (id) => Object.hasOwn(index.items, id);

/** Go on with what is kept now: another tab may have gone on since the offer was made. */
function goOn() {
  const kept = store.read("session", "practice");
  if (!kept) return offerToResume();
  const before = kept.queue.slice(0, kept.at).filter(isHere).length;
  session = { brought: [], where: "practice", ...kept, queue: kept.queue.filter(isHere), at: before, shown: store.now() };
  show();
}

/** Bring the room to life. @param {HTMLElement} el @param {() => boolean} started whether the learner has pressed Start already */
export async function open(el, started) {
  room = el;
  const form = find("form");
  const asked = fromAddress(form); // before anything is awaited: the form shows at once what was asked
  index = await loadIndex();
  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    begin(readForm(form));
  });
  form.addEventListener("change", () => countMatches(form));
  find(".practice-next").addEventListener("click", advance);
  find(".practice-skip").addEventListener("click", advance);
  find(".practice-leave").addEventListener("click", end);
  find(".practice-print").addEventListener("click", () => window.print());
  countMatches(form);
  offerToResume();
  room.dataset.ready = "";
  window.addEventListener("hashchange", () => fromAddress(form) && beginAsked(form));
  document.addEventListener("visibilitychange", leaveOutAway);
  window.addEventListener("pageshow", ({ persisted }) => persisted && !session && offerToResume());
  if (asked || started()) beginAsked(form);
}

/** Begin what the form says, where anything meets it. @param {HTMLFormElement} form */
function beginAsked(form) {
  if (location.hash.includes("=")) window.history.replaceState(null, "", location.pathname); // a reload goes on with the session
  countMatches(form);
  if (matching(index.items, readForm(form), history()).length) begin(readForm(form));
}
