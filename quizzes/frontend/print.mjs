// @ts-check
/** Paper: what lists offer is written out, and a sheet of answers is added while a page is printed. */

/** @param {string} tag @param {string} text @param {string} [name] */
function made(tag, text, name) {
  const element = document.createElement(tag);
  element.textContent = text;
  if (name) element.className = name;
  return element;
}

/** What an item's answer on the page says of what is keyed, with the reasons; nothing of other options. @param {Element} item */
function answerLines(item) {
  const answer = item.querySelector(".quiz-answer");
  return [...(answer?.querySelectorAll(".quiz-key, ul") ?? [])].map((each) => {
    const copy = /** @type {HTMLElement} */ (each.cloneNode(true));
    for (const reason of copy.querySelectorAll("li:not([data-keyed]), .quiz-mend, :scope > strong")) reason.remove();
    return copy;
  });
}

/**
 * The sheet of answers, numbered as the items are on paper.
 * @param {Element[]} items in the order of the page @returns {HTMLElement}
 */
export function answerSheet(items) {
  const sheet = made("section", "", "quiz-sheet");
  sheet.append(made("h2", "Answers"));
  items.forEach((item, index) => {
    const lines = answerLines(item);
    if (lines.length === 0) return;
    const entry = made("div", "", "quiz-sheet-item");
    entry.append(made("strong", `Question ${index + 1}`), ...lines);
    sheet.append(entry);
  });
  return sheet;
}

/** What the lists of an item offer, which paper would not show; an order's numbers go without saying. @param {Element} item */
function choices(item) {
  /** @type {Map<string, string[]>} */
  const lines = new Map();
  for (const list of item.querySelectorAll("select")) {
    const texts = [...list.options].filter((option) => option.value).map((option) => option.text);
    if (texts.every((text) => /^\d+$/.test(text))) continue;
    const gap = list.closest(".quiz-gap")?.querySelector(".quiz-hidden")?.textContent;
    const names = lines.get(texts.join("; ")) ?? [];
    lines.set(texts.join("; "), gap ? [...names, gap] : ["Choose from"]);
  }
  return [...lines].map(([texts, names]) => made("p", `${names.join(", ")}: ${texts}`, "quiz-choices"));
}

/** @type {Element[]} */
let added = [];

function remove() {
  for (const each of added) each.remove();
  added = [];
}

/** An open exam prints without its answers. */
function add() {
  remove();
  const asked = document.documentElement.hasAttribute("data-focus") ? ".quiz-room .quiz-item" : ".quiz-item";
  const items = [...document.querySelectorAll(asked)].filter((item) => item.getClientRects().length > 0);
  if (items.length === 0) return;
  for (const item of items) {
    const lines = choices(item);
    item.querySelector("form")?.append(...lines);
    added.push(...lines);
  }
  if (document.documentElement.dataset.exam === "open") return;
  const sheet = answerSheet(items);
  (document.querySelector("article") ?? document.body).append(sheet);
  added.push(sheet);
}

/** Add and remove them whenever the page is printed. */
export function watchPrinting() {
  addEventListener("beforeprint", add);
  addEventListener("afterprint", remove);
}
