// @ts-check
/** On every page: keeps the site for use without network, says when it was updated, and offers to install it. */

const page = document.documentElement;

/** @type {Promise<ServiceWorkerRegistration> | undefined} */
let registered;
let reloading = false;

/** @param {string} label @param {() => void} act */
function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.style.cssText = "background:none;border:1px solid;border-radius:.4rem;color:inherit;font:inherit;font-weight:650;min-height:44px;min-width:44px;padding:0 1rem";
  made.addEventListener("click", act);
  return made;
}

/** Run once no exam is open. @param {() => void} act */
function afterExam(act) {
  if (page.dataset.exam !== "open") return act();
  const observer = new MutationObserver(() => {
    if (page.dataset.exam === "open") return;
    observer.disconnect();
    act();
  });
  observer.observe(page, { attributeFilter: ["data-exam"] });
}

/** An empty line that readers of a screen listen to: it must be there before its words. */
function statusLine() {
  const made = document.createElement("div");
  made.setAttribute("role", "status");
  made.id = "site-updated";
  made.className = "d-print-none";
  const skip = document.querySelector("#pst-skip-link");
  if (skip) skip.after(made);
  else document.body.prepend(made);
  return made;
}

/** Give the new version its turn; the page is loaded again when it has taken over. */
async function takeOver() {
  reloading = true;
  const waiting = (await registered)?.waiting;
  if (waiting) waiting.postMessage("take over");
  else location.reload();
}

function sayUpdated() {
  if (document.querySelector("#site-updated")) return;
  const line = statusLine();
  requestAnimationFrame(() => {
    line.style.cssText = "align-items:center;background:#14304d;bottom:0;box-sizing:border-box;color:#fff;display:flex;flex-wrap:wrap;gap:.5rem 1rem;justify-content:center;left:0;padding:.5rem 1rem;position:fixed;right:0;z-index:1100";
    const text = document.createElement("span");
    text.textContent = "The course was updated.";
    line.append(text, button("Reload", takeOver), button("Later", () => line.remove()));
  });
}

/** @param {ServiceWorkerRegistration} registration */
function watch(registration) {
  const offer = () => registration.waiting && navigator.serviceWorker.controller && afterExam(sayUpdated);
  offer();
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
}

function register() {
  const workers = navigator.serviceWorker;
  let controlled = workers.controller;
  workers.addEventListener("controllerchange", () => {
    if (reloading) location.reload();
    else if (controlled) afterExam(sayUpdated); // another tab has taken the new version
    controlled = workers.controller;
  });
  registered = workers.register(new URL("../../sw.js", import.meta.url), { scope: new URL("../../", import.meta.url).pathname });
  registered.then(watch).catch(() => {}); // without it the site works as long as there is a network
}

/** @param {any} event Chromium's offer, which a page may keep for a button of its own */
function offerInstalling(event) {
  const place = document.querySelector("#site-install");
  if (!place) return;
  event.preventDefault();
  const made = button("Install the course", () => {
    event.prompt();
    made.remove();
  });
  place.replaceChildren(made);
}

addEventListener("beforeinstallprompt", offerInstalling);
try {
  if (location.protocol.startsWith("http") && navigator.serviceWorker) {
    if (document.readyState === "complete") register();
    else addEventListener("load", register);
  }
} catch {
  // a browser that forbids service workers throws at the name
}
