// @ts-check
/** What the site is made of: its root, its modules, the bank's index, and items by id. */

/** @typedef {{page: string, kind: string, family: string, sector: string, difference: string, exam: string[], level: number,
 *   questions: number}} Entry */
/** @typedef {{items: Record<string, Entry>, differences: Record<string, {name: string, question: string, page: string}>,
 *   kinds: Record<string, string>, exams: Record<string, {short: string, name: string, topics: Record<string, any>}>,
 *   blueprints: any[], checked: string}} Index */
/** @typedef {{load: (name: string) => Promise<any>, items: Promise<Record<string, string>>}} FromDisk */

export const root = new URL(document.documentElement.dataset.content_root ?? "./", document.baseURI);

/** Set by offline.js where the site is opened from disk. @returns {FromDisk | undefined} */
const fromDisk = () => /** @type {any} */ (globalThis).quizOffline;

/** Load a module of this folder. @param {string} name @returns {Promise<any>} */
export const load = (name) => fromDisk()?.load(name) ?? import(new URL(name, import.meta.url).href);

/** @type {Promise<Index> | undefined} */
let index;

/** The bank's index, loaded once. @returns {Promise<Index>} */
export function loadIndex() {
  index ??= load("bank.mjs").then((module) => module.default);
  index.catch(() => (index = undefined)); // a later try may succeed
  return index;
}

/** @type {Map<string, Promise<Document>>} */
const pages = new Map();

/** @param {string} page @returns {Promise<Document>} */
function loadPage(page) {
  let found = pages.get(page);
  if (!found) {
    found = fetch(new URL(page, root)).then(async (answer) => {
      if (!answer.ok) throw new Error(`${page}: ${answer.status}`);
      return new DOMParser().parseFromString(await answer.text(), "text/html");
    });
    found.catch(() => pages.delete(page)); // a later try may succeed
    pages.set(page, found);
  }
  return found;
}

/** @param {string} html */
function element(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

/** @param {string} id @param {Entry} entry @returns {Promise<HTMLElement>} */
async function loadItem(id, entry) {
  const disk = fromDisk();
  const found = disk ? element((await disk.items)[id]) : (await loadPage(entry.page)).getElementById(`item-${id}`);
  if (!found) throw new Error(`${entry.page}: no question ${id}`);
  const item = /** @type {HTMLElement} */ (document.importNode(found, true));
  item.removeAttribute("id"); // the page keeps its own address
  return item;
}

/**
 * The items as elements, fresh at each call, taken from the pages on which they stand.
 * @param {string[]} ids @returns {Promise<Map<string, HTMLElement>>} rejects where a page cannot be had
 */
export async function loadItems(ids) {
  const { items } = await loadIndex();
  return new Map(await Promise.all(ids.map(async (id) => /** @type {[string, HTMLElement]} */ ([id, await loadItem(id, items[id])]))));
}

/** The address of an item on its page. @param {string} id @param {Entry} entry */
export const addressOf = (id, entry) => new URL(`${entry.page}#item-${id}`, root).href;
