// @ts-check
/** What a learner can do with an item on the site besides answering it: flag it, share it, report it. */
import * as site from "./site.mjs";
import * as store from "./store.mjs";

/** @param {string} id */
export const isFlagged = (id) => store.read("item", id)?.flag === true;

/** @param {string} id @param {boolean} flagged */
export const setFlag = (id, flagged) =>
  store.update("item", id, ({ flag, ...item }) => (flagged ? { ...item, flag: true } : item));

/** @param {string} label @param {() => void} act @returns {HTMLButtonElement} */
export function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

/** @param {string} id */
function flagButton(id) {
  const flag = button("Flag", () => {
    setFlag(id, !isFlagged(id));
    show();
  });
  const show = () => flag.setAttribute("aria-pressed", String(isFlagged(id)));
  const end = store.watch((kind, changed) => {
    if (!flag.isConnected) end(); // a room has shown another item since
    else if (!kind || (kind === "item" && changed === id)) show();
  });
  show();
  return flag;
}

/** Share where the device can, copy where it cannot. @param {string} address */
function share(address) {
  const made = button("Share", async () => {
    try {
      if (navigator.share) return await navigator.share({ url: address });
      await navigator.clipboard.writeText(address);
      made.textContent = "Link copied";
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) prompt("The link to this question:", address);
    }
  });
  return made;
}

/** Where a question is reported, from the site's settings. @param {string} id @returns {string | undefined} */
function reportAddress(id) {
  const pattern = /** @type {HTMLMetaElement | null} */ (document.querySelector('meta[name="quiz-report"]'))?.content;
  return pattern && new URL(pattern.replaceAll("{id}", encodeURIComponent(id)), site.root).href;
}

/** A link to the form; where the site has none, a button that copies a whole report. @param {string} id @param {string} address @returns {HTMLElement} */
function reportTool(id, address) {
  const form = reportAddress(id);
  if (!form) {
    const made = button("Report", async () => (await site.load("fault.mjs")).copyReport(made, id, address));
    return made;
  }
  const link = document.createElement("a");
  link.href = form;
  link.textContent = "Report";
  return link;
}

/** @param {string} id @param {string} address of the item on its page, or "" where it has none @returns {HTMLElement} */
export function bar(id, address) {
  const made = document.createElement("div");
  made.className = "quiz-tools";
  made.append(flagButton(id));
  const whole = new URL(address, location.href).href;
  if (address) made.append(share(whole), reportTool(id, whole));
  const name = document.createElement("code");
  name.textContent = id;
  made.append(name);
  return made;
}
