// @ts-check
/** The page "In the browser": loads the lab when it is asked to, shows how far it is, and opens it. */
import { anything, folder, load, missing, remove, serve } from "./lite-packs.mjs";

/** @typedef {import("./lite-packs.mjs").Pack} Pack */

const NOTEBOOK = "notebooks/index.html?path=practice-lab.ipynb";
const ELSEWHERE = "The notebook is not part of this copy of the course: open this page on the site of the course.";
const UNABLE = "This browser lets no page keep files here, as in a private window or at an address without https. ";
const STORAGE = "There is not enough room in this browser's storage. Free some, then press the button again.";
const NETWORK = "The notebook could not be loaded: there is no network, or the site does not answer. Press the button to try again.";

/** @type {HTMLElement} */
let room;
/** @type {Pack[]} */
let packs = [];
/** @type {AbortController | null} */
let loading = null;

/** @param {string} selector @returns {any} */
const find = (selector) => room.querySelector(selector);
/** @param {string} words */
const notice = (words) => (find(".quiz-notice").textContent = words);
/** @param {Pack[]} some */
const weight = (some) => some.reduce((sum, pack) => sum + pack.bytes, 0);
/** @param {number} bytes */
const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

/** Say what a press of the button will do. */
async function refresh() {
  const wanted = await missing(packs);
  const here = await anything();
  const size = `${megabytes(weight(wanted))} MB`;
  find(".lite-state").textContent = !wanted.length
    ? "The notebook is in this browser and opens without network."
    : here
      ? `There is a newer version of the notebook. The part of it that changed is ${size}.`
      : `The notebook is loaded once (${size}) and then opens without network.`;
  find(".lite-open").textContent = wanted.length ? `Load (${size}) and open the notebook` : "Open the notebook";
  find(".lite-remove").hidden = !here;
}

/** @param {boolean} busy */
function show(busy) {
  find(".lite-loading").hidden = !busy;
  find(".lite-stop").hidden = !busy;
  find(".lite-open").disabled = busy;
  if (busy) find(".lite-remove").hidden = true;
}

/** Draw how far it is; a screen reader hears every quarter. @param {number} total @returns {(bytes: number) => void} */
function drawn(total) {
  let sum = 0;
  find("progress").max = total;
  return (bytes) => {
    const before = sum;
    sum += bytes;
    find("progress").value = sum;
    find(".lite-figure").textContent = `${megabytes(sum)} of ${megabytes(total)} MB`;
    const quarter = Math.floor((4 * sum) / total);
    if (quarter > Math.floor((4 * before) / total)) find(".lite-said").textContent = `${25 * quarter} % loaded`;
  };
}

/** @param {unknown} error */
function reason(error) {
  if (error instanceof DOMException && error.name === "QuotaExceededError") return STORAGE;
  return /: 404$/.test(String(error)) ? ELSEWHERE : NETWORK;
}

async function start() {
  notice("");
  loading = new AbortController();
  show(true);
  try {
    const wanted = await missing(packs);
    const came = drawn(weight(wanted) || 1);
    came(0);
    await load(wanted, loading.signal, came);
    await serve();
    await remove(packs);
    location.assign(new URL(NOTEBOOK, folder));
  } catch (error) {
    if (!loading.signal.aborted) notice(reason(error));
  }
  loading = null;
  show(false);
  await refresh();
}

/** Where nothing can be kept, the lab still runs as long as there is a network. */
function withoutKeeping() {
  const link = document.createElement("a");
  link.href = new URL(NOTEBOOK, folder).href;
  link.textContent = "Open the notebook all the same; it is loaded anew each time.";
  find(".quiz-notice").replaceChildren(UNABLE, link);
  find(".lite-open").disabled = true;
}

/** @param {HTMLElement} element */
export async function open(element) {
  room = element;
  packs = JSON.parse(find(".lite-room").dataset.packs || "[]");
  if (!packs.length || location.protocol === "file:") {
    find(".lite-open").disabled = true;
    return notice(ELSEWHERE);
  }
  if (!("caches" in globalThis) || !navigator.serviceWorker) return withoutKeeping();
  find(".lite-open").addEventListener("click", start);
  find(".lite-stop").addEventListener("click", () => loading?.abort());
  find(".lite-remove").addEventListener("click", async () => {
    await remove();
    await refresh();
    find(".lite-open").focus();
  });
  globalThis.addEventListener("pageshow", (event) => event.persisted && refresh()); // back from the notebook
  await refresh();
}
