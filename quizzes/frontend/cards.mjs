// @ts-check
/** The flashcards: one card at a time, turned and judged by the learner. Everything follows from the records, so nothing else is kept. */
import { make } from "./present.mjs";
import { load } from "./site.mjs";
import { coming, deck, NEW_A_DAY, reviewed, reviewsToday } from "./spacing.mjs";
import * as store from "./store.mjs";

/** @type {Record<string, {term: string, definition: string, see: string[]}>} */
let terms;
/** @type {HTMLElement} */
let room;
let current = "";
let turned = false;
/** What the last answer replaced. @type {{id: string, record: any} | null} */
let before = null;
let writing = false;

/** @param {string} selector @returns {any} */
const find = (selector) => room.querySelector(selector);
/** @param {number} number @param {string} name */
const count = (number, name) => `${number} ${name}${number === 1 ? "" : "s"}`;
/** @param {number} at */
const day = (at) => new Date(at * 1000).toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long" });

function perDay() {
  const kept = Number(store.read("setting", "cards-new") ?? NEW_A_DAY);
  return Number.isInteger(kept) && kept >= 0 ? kept : NEW_A_DAY;
}
const termFirst = () => store.read("setting", "cards-front") === "term";
const ids = () => Object.keys(terms);
const deckNow = () => deck(ids(), store.all("card"), store.now(), perDay());

/** A definition that says its own term would give it away. @param {string} definition @param {string} term */
const masked = (definition, term) => definition.replace(new RegExp(`\\b${term.replace(/[^\w\s]/g, "\\$&")}s?\\b`, "gi"), "[…]");

/** @param {string} id */
const termLink = (id) => make("a", { href: `glossary.html#term-${id}` }, terms[id].term);

/** @param {string} id */
function back(id) {
  const { term, definition, see } = terms[id];
  const related = see.filter((each) => Object.hasOwn(terms, each)).flatMap((each, place) => [place ? ", " : " ", termLink(each)]);
  const answer = make("p", { class: "cards-answer", tabindex: "-1" }, termFirst() ? definition : term);
  return [answer, ...(related.length ? [make("p", { class: "cards-see" }, "Related:", ...related)] : [])];
}

function showCounts() {
  find(".cards-undo").disabled = !before;
  const { due, fresh, again } = deckNow();
  const parts = [due.length && `${due.length} due`, fresh.length && `${fresh.length} new`, again.length && `${again.length} once more`].filter(Boolean);
  find(".cards-count").textContent = parts.length ? `${count(due.length + fresh.length + again.length, "card")} to go: ${parts.join(", ")}.` : "Nothing more for today.";
}

/** @param {boolean} open whether the answer shows */
function show(open) {
  turned = open;
  const { term, definition } = terms[current];
  find(".cards-side").textContent = termFirst() ? "What does it mean?" : "Which term is it?";
  find(".cards-front").textContent = termFirst() ? term : open ? definition : masked(definition, term);
  find(".cards-back").replaceChildren(...(open ? back(current) : []));
  find(".cards-back").hidden = !open;
  find(".cards-turn").hidden = open;
  for (const each of room.querySelectorAll(".cards-not, .cards-knew")) each.toggleAttribute("hidden", !open);
}

/** @param {string[]} list */
const termList = (list) => make("ul", {}, ...list.map((id) => make("li", {}, termLink(id))));

/** @returns {Node[]} */
function summary() {
  const cards = store.all("card");
  const today = reviewsToday(cards, store.now()).filter(([id]) => Object.hasOwn(terms, id));
  const missed = today.filter(([, reviews]) => !reviews[0].knew).map(([id]) => id);
  const lines = [make("p", {}, today.length ? `Today: ${count(today.length, "card")}, ${today.length - missed.length} known at the first turn.` : "Nothing is due.")];
  if (missed.length) lines.push(make("p", {}, "To read again in the glossary:"), termList(missed));
  const next = coming(ids(), cards, store.now());
  lines.push(make("p", {}, next.length ? `Next: ${next.slice(0, 3).map(([at, number]) => `${count(number, "card")} on ${day(at)}`).join("; ")}.` : ""));
  const left = ids().filter((id) => !cards[id]?.log?.length).length;
  if (left) lines.push(make("p", {}, `${count(left, "term")} not begun. More new ones come tomorrow, or now if you raise the number below.`));
  return lines;
}

function showEnd() {
  current = "";
  turned = false;
  find(".cards-side").textContent = "Done for today";
  find(".cards-front").textContent = "That was all.";
  find(".cards-back").replaceChildren(...summary());
  find(".cards-back").hidden = false;
  for (const each of room.querySelectorAll(".cards-turn, .cards-not, .cards-knew")) each.toggleAttribute("hidden", true);
}

/** Show the next card. @param {string} [wanted] a card to show in its place */
function next(wanted) {
  const { due, fresh, again } = deckNow();
  current = wanted ?? [...due, ...fresh, ...again][0] ?? "";
  showCounts();
  if (current) show(false);
  else showEnd();
  find(".quiz-notice").textContent = store.keptNot();
}

/** The focus reads the text out, so no live region repeats it. */
const toFront = () => find(".cards-front").focus();

function turn() {
  if (!current || turned) return;
  show(true);
  find(".cards-answer").focus();
}

/** @param {string} id @param {any} record */
function keep(id, record) {
  writing = true;
  store.write("card", id, record);
  writing = false;
}

/** @param {boolean} knew */
function judge(knew) {
  if (!turned) return;
  const [id, record] = [current, store.read("card", current)];
  const card = reviewed(record, { at: store.now(), knew });
  before = { id, record };
  keep(id, card);
  find(".cards-said").textContent = knew ? `${terms[id].term}: again on ${day(card.due)}.` : `${terms[id].term}: again today.`;
  next();
  toFront();
}

function takeBack() {
  if (!before) return;
  const { id, record } = before;
  before = null;
  keep(id, record);
  find(".cards-said").textContent = `Taken back: ${terms[id].term}.`;
  next(id);
  toFront();
}

/** Keys of the room; what has keys of its own keeps them. @param {KeyboardEvent} event */
function press(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || target.closest("select, input")) return;
  if ((event.key === " " || event.key === "Enter") && !target.closest("a, button") && current && !turned) turn();
  else if ((event.key === "1" || event.key === "2") && turned) judge(event.key === "2");
  else return;
  event.preventDefault();
}

/** Another tab, or an import, changed what is kept. @param {string} kind @param {string} id */
function changed(kind, id) {
  if (writing || (kind && kind !== "card" && kind !== "setting")) return;
  if (kind === "setting") showSettings();
  if (!kind || (kind === "card" && id === before?.id)) before = null; // taking back would undo the other tab's answer
  const { due, fresh, again } = deckNow();
  if (current && [...due, ...fresh, ...again].includes(current)) showCounts();
  else next();
}

function showSettings() {
  find("[name=front]").value = termFirst() ? "term" : "definition";
  const wanted = find("[name=new]");
  wanted.value = String(perDay());
  if (!wanted.value) wanted.append(new Option(String(perDay()), undefined, true, true));
}

function bindSettings() {
  find("[name=front]").addEventListener("change", (/** @type {any} */ { target }) => {
    store.write("setting", "cards-front", target.value);
    if (current) show(turned);
  });
  find("[name=new]").addEventListener("change", (/** @type {any} */ { target }) => {
    store.write("setting", "cards-new", Number(target.value));
    if (!turned) next();
  });
}

/** @param {HTMLElement} el */
export async function open(el) {
  room = el;
  terms = (await load("terms.mjs")).default;
  find(".cards-turn").addEventListener("click", turn);
  find(".cards-not").addEventListener("click", () => judge(false));
  find(".cards-knew").addEventListener("click", () => judge(true));
  find(".cards-undo").addEventListener("click", takeBack);
  room.addEventListener("keydown", press);
  bindSettings();
  showSettings();
  next();
  store.watch(changed);
}
