// @ts-check
/** Before an exam: a form is drawn, or one that was left is gone on with. */
import { clockText } from "./clock.mjs";
import { drawForm, readCode } from "./draw.mjs";
import { isNew } from "./select.mjs";
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
  return sitting.begin({ blueprint: id, seed, title, sections, composition, rest, pass, code: Boolean(given) }, 60 * Number(chosen.get("minutes")), store.now());
}

/** The newest exam that was begun and not submitted. @returns {[string, any] | undefined} */
const openExam = () =>
  Object.entries(store.all("exam")).filter(([, each]) => !each.submitted).sort(([, one], [, two]) => two.started - one.started)[0];

/**
 * Offer to go on with an exam that was left, and name one that cannot be read.
 * @param {HTMLElement} line @param {Index} index @param {(sat: Sitting) => void} resume @param {() => void} again
 */
export function offer(line, index, resume, again) {
  line.replaceChildren();
  /** @param {string} text @param {string} label @param {string[]} ids */
  const trouble = (text, label, ids) => {
    const remove = button(label, () => {
      for (const id of ids) store.write("exam", id, undefined);
      again();
    });
    line.append(make("span", { role: "alert" }, text), " ", remove);
  };
  const broken = store.damaged().filter(([kind]) => kind === "exam").map(([, id]) => id);
  if (broken.length) trouble("An exam that was kept in this browser is damaged and cannot be read.", "Remove it", broken);
  const [id, found] = openExam() ?? [];
  if (!id) return;
  const revived = sitting.revive(found, index.items);
  if (!revived) return trouble("The exam that was open cannot be gone on with: its questions are no longer here.", "Discard it", [id]);
  const left = clockText(sitting.timeLeft(revived));
  const goOn = button(`Go on: ${revived.title}, ${left} left`, () => resume({ ...revived, left: revived.left + 1, paused: false }));
  const discard = button("Discard it", () => {
    store.write("exam", id, undefined);
    again();
  });
  line.append(goOn, " ", discard);
}
