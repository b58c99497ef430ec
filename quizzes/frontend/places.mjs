// @ts-check
/** The navigator of an exam: a button for each item of the open section, with what is answered and flagged. */
import { make } from "./present.mjs";
import { answers, numbers, openSection } from "./sitting.mjs";
import { button } from "./tools.mjs";

/** @typedef {import("./sitting.mjs").Sitting} Sitting */
/** @typedef {import("./sitting.mjs").Rules} Rules */
const SAID = { true: "answered", partly: "partly answered", false: "not answered" };

/** @param {Sitting} exam @param {string} id @param {Rules} rules @returns {"true" | "partly" | "false"} */
function stateOf(exam, id, rules) {
  const { questions, answered } = answers(exam, id, rules);
  if (answered === questions) return "true";
  return Object.keys(exam.responses[id] ?? {}).length ? "partly" : "false";
}

/** @param {Sitting} exam @param {Rules} rules */
function tallyOf(exam, rules) {
  const ids = openSection(exam);
  const all = ids.map((id) => answers(exam, id, rules));
  const [answered, questions] = [all.reduce((sum, each) => sum + each.answered, 0), all.reduce((sum, each) => sum + each.questions, 0)];
  const flagged = ids.filter((id) => exam.flags.includes(id)).length;
  const flags = flagged ? `, ${flagged} flagged` : "";
  return `${answered} of ${questions} answered${flags}`;
}

/** @param {HTMLElement} el @param {(place: number) => void} moveTo @returns {{show: (exam: Sitting, rules: Rules) => void, mark: (exam: Sitting, rules: Rules) => void, forget: () => void}} `forget` where the same section may have changed elsewhere */
export function placesIn(el, moveTo) {
  const list = /** @type {HTMLElement} */ (el.querySelector(".exam-places"));
  const tally = /** @type {HTMLElement} */ (el.querySelector(".exam-tally"));
  let shown = "";

  /** @param {Sitting} exam @param {Rules} rules @param {number} place */
  function label(exam, rules, place) {
    const id = openSection(exam)[place];
    const each = /** @type {HTMLElement} */ (list.children[place].firstElementChild);
    const [done, flagged] = [stateOf(exam, id, rules), exam.flags.includes(id)];
    each.dataset.answered = done;
    each.dataset.flagged = String(flagged);
    each.setAttribute("aria-label", `Question ${each.textContent}, ${SAID[done]}${flagged ? ", flagged" : ""}`);
    if (place === exam.place) each.setAttribute("aria-current", "step");
    else each.removeAttribute("aria-current");
  }

  /** Show the section, with where the learner is. @param {Sitting} exam @param {Rules} rules */
  function show(exam, rules) {
    const section = `${exam.started}:${exam.section}`;
    const fresh = shown !== section;
    shown = section;
    const before = [...list.children].findIndex((each) => each.firstElementChild?.hasAttribute("aria-current"));
    if (fresh) list.replaceChildren(...numbers(openSection(exam), rules).map((number, place) => make("li", {}, button(number, () => moveTo(place)))));
    for (const place of fresh ? openSection(exam).keys() : [before, exam.place].filter((each) => each >= 0)) label(exam, rules, place);
    tally.textContent = tallyOf(exam, rules);
  }

  /** The open item changed. @param {Sitting} exam @param {Rules} rules */
  function mark(exam, rules) {
    label(exam, rules, exam.place);
    tally.textContent = tallyOf(exam, rules);
  }
  return { show, mark, forget: () => (shown = "") };
}
