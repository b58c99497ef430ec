// @ts-check
/** Before an exam: a form is drawn, or one that was left is gone on with. */
import { clockText } from "./clock.mjs";
import { drawForm, readCode } from "./draw.mjs";
import { isNew } from "./select.mjs";
import { isResult } from "./outcome.mjs";
import * as sitting from "./sitting.mjs";
import * as store from "./store.mjs";
import { make } from "./present.mjs";
import { button } from "./tools.mjs";

/** @typedef {import("./sitting.mjs").Sitting} Sitting */
/** @typedef {import("./site.mjs").Index} Index */

/**
 * A new sitting of what a form of the lobby asks for; without a code, questions not seen yet come first.
 * @param {HTMLFormElement} form @param {Index} index @returns {Sitting | string} or what is wrong with the code
 */
export function sittingFrom(form, index) {
  const chosen = new FormData(form);
  const blueprint = index.blueprints.find((each) => each.id === form.dataset.blueprint);
  const code = String(chosen.get("code") ?? "").trim();
  const given = code ? readCode(code, [blueprint.id]) : null;
  if (code && !given) return `“${code}” is no code of this exam: it looks like ${blueprint.id}-4711.`;
  const history = store.all("item");
  const fresh = given ? [] : Object.keys(index.items).filter((id) => isNew(id, history));
  const seed = given?.seed ?? crypto.getRandomValues(new Uint32Array(1))[0];
  const { sections, composition, rest } = drawForm(/** @type {any} */ (index), blueprint, seed, fresh);
  const { id, title, pass } = blueprint;
  let started = store.now();
  while (store.read("exam", started.toString(36))) started += 1; // it is kept under its time: one of the same second stays
  return sitting.begin({ blueprint: id, seed, title, sections, composition, rest, pass, code: Boolean(given) }, 60 * Number(chosen.get("minutes")), started);
}

/** Exams, the newest first. @param {boolean} submitted @returns {[string, any][]} */
const exams = (submitted) =>
  Object.entries(store.all("exam")).filter(([, each]) => Boolean(each.result) === submitted).sort(([, one], [, two]) => two.started - one.started);

/**
 * Offer to go on with each exam that was left, name those that cannot be read, and lead to the last reports.
 * @param {HTMLElement} line @param {Index} index @param {(sat: Sitting) => void} resume @param {() => void} again
 */
export function offer(line, index, resume, again) {
  line.replaceChildren();
  /** With what is kept now: another tab may have gone on since the offer was made. @param {string} id */
  const goOn = (id) => {
    const now = store.read("exam", id);
    const fresh = now && !now.submitted && sitting.revive(now, index.items);
    if (fresh) resume({ ...fresh, left: fresh.left + 1, paused: false });
    else again();
  };
  /** @param {string} said @param {string[]} ids @param {HTMLElement[]} more */
  const row = (said, ids, ...more) => {
    const discard = button(more.length ? "Discard it" : "Remove it", () => {
      if (more.length && discard.textContent !== "Discard it for good?") {
        discard.textContent = "Discard it for good?"; // a second press does it
        return;
      }
      for (const id of ids) if (!store.read("exam", id)?.submitted) store.write("exam", id, undefined);
      again();
    });
    discard.className = "room-quiet";
    const text = said ? [make("span", { role: "alert" }, said)] : [];
    line.append(make("p", { class: "room-line" }, ...text, ...more, discard));
  };
  const broken = store.damaged().filter(([kind]) => kind === "exam").map(([, id]) => id);
  if (broken.length) row("An exam that was kept in this browser is damaged and cannot be read.", broken);
  for (const [id, found] of exams(false)) {
    const revived = sitting.revive(found, index.items);
    if (!revived) row("The exam that was open cannot be gone on with: its questions are no longer here.", [id]);
    else row("", [id], button(`Go on: ${revived.title}, ${clockText(sitting.timeLeft(revived))} left`, () => goOn(id)));
  }
  const last = exams(true).filter(([, { result }]) => isResult(result)).slice(0, 3).map(([id, { title, result }]) => make("a", { href: `#report/${id}` }, `${title}, ${result.right} of ${result.questions}`));
  if (last.length) line.append(make("p", {}, "Your last reports: ", ...last.flatMap((link, place) => (place ? ["; ", link] : [link])), "."));
}
