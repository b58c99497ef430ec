// @ts-check
/** In the place of site.mjs in JupyterLab: the index and the items come from the kernel, and questions have no page. */
import { ask } from "./kernel.mjs";

/** @typedef {typeof import("../site.mjs")} Site */

/** @type {Site["root"]} */
export const root = new URL(document.baseURI);

/** @type {import("../site.mjs").Index} */
let index;

/** @param {import("../site.mjs").Index} given */
export const useIndex = (given) => void (index = given);

/** @type {Site["loadIndex"]} */
export const loadIndex = async () => index;

/** @type {Map<string, string>} */
const html = new Map();

/** @param {string} id @returns {HTMLElement} */
function itemOf(id) {
  const template = document.createElement("template");
  template.innerHTML = html.get(id) ?? "";
  const found = template.content.querySelector(".quiz-item");
  if (!found) throw new Error(`no question ${id}`);
  return /** @type {HTMLElement} */ (document.importNode(found, true));
}

/** Asked each time, since the answer tells too what another notebook has kept; what is here serves without a kernel. @type {Site["loadItems"]} */
export async function loadItems(ids) {
  const missing = ids.filter((id) => !html.has(id));
  const answer = await ask({ what: "items", ids: missing }).catch((error) => {
    if (missing.length) throw error;
  });
  for (const [id, text] of Object.entries(answer?.items ?? {})) html.set(id, text);
  return new Map(ids.map((id) => [id, itemOf(id)]));
}

/** @type {Site["addressOf"]} */
export const addressOf = () => "";
