// @ts-check
/**
 * The mock exam as a widget of JupyterLab: the site's own modules, with those of this folder in the place of their namesakes.
 * They hold one room's state, so each view runs them afresh, from the sources that the kernel sends.
 */

/** @typedef {import("./kernel.mjs").Line} Line */
/** @typedef {{sources: Record<string, string>, html: string, index: any, kept: import("./kernel.mjs").Kept[]}} Opened */

const LOADING = '<p class="room-loading" role="status">Loading the mock exams…</p>';
const GONE = '<p class="quiz-notice" role="alert">The kernel does not answer. Run this cell again to open the mock exams.</p>';
const PATIENCE = 15_000; // milliseconds
const STASH = Symbol.for("project-or-operation:unanswered"); // as in kernel.mjs

/** Make each module a Blob that imports the others by their Blobs. @param {Record<string, string>} sources */
function loader(sources) {
  /** @type {Record<string, string>} */
  const addresses = {};
  /** @param {string} name @returns {string} */
  const addressOf = (name) => (addresses[name] ??= URL.createObjectURL(new Blob([resolved(sources[name])], { type: "text/javascript" })));
  /** @param {string} source */
  const resolved = (source) => source.replace(/\b(from|import)(\s*)"\.\/([\w-]+\.mjs)"/g, (_, word, space, name) => `${word}${space}"${addressOf(name)}"`);
  return {
    /** @param {string} name @returns {Promise<any>} */
    load: (name) => import(addressOf(name)),
    forget: () => Object.values(addresses).forEach((each) => URL.revokeObjectURL(each)),
  };
}

/** Ask for all that the room is made of, and hand in what an earlier view could not. @param {Line} model @param {AbortSignal} ended @returns {Promise<Opened>} */
function ask(model, ended) {
  const to = Math.random().toString(36).slice(2);
  const stash = /** @type {any} */ (globalThis)[STASH] ?? new Map();
  const left = [...stash];
  return new Promise((resolve, reject) => {
    /** @param {any} answer */
    function heard(answer) {
      if (answer.to !== to) return;
      stop();
      if (answer.fault) return reject(new Error(answer.fault));
      for (const [key, operation] of left) if (stash.get(key) === operation) stash.delete(key);
      resolve(answer);
    }
    const stop = () => {
      clearTimeout(timer);
      model.off("msg:custom", heard);
    };
    const timer = setTimeout(() => (stop(), reject(new Error("the kernel does not answer"))), PATIENCE);
    ended.addEventListener("abort", stop);
    model.on("msg:custom", heard);
    model.send({ what: "open", to, operations: left.map(([, operation]) => operation) });
  });
}

/** Put the room's HTML in place; its ids get a name of this view's, since a notebook may show a room twice. @param {HTMLElement} el @param {string} html */
function furnish(el, html) {
  const room = document.createElement("div");
  room.className = "quiz-room";
  room.innerHTML = html;
  const own = Math.random().toString(36).slice(2);
  for (const name of ["id", "aria-labelledby", "aria-describedby"]) {
    for (const each of room.querySelectorAll(`[${name}]`)) each.setAttribute(name, `${each.getAttribute(name)}-${own}`);
  }
  el.replaceChildren(room);
  return room;
}

/** @param {Line} model @param {HTMLElement} el @param {Opened} opened @returns {Promise<(() => void)[]>} what closes the room again */
async function start(model, el, { sources, html, index, kept }) {
  const { load, forget } = loader(sources);
  const [kernel, site, store, address, exam] = await Promise.all(["kernel.mjs", "site.mjs", "store.mjs", "address.mjs", "exam.mjs"].map(load));
  forget();
  const disconnect = kernel.connect(model);
  site.useIndex(index);
  store.take(kept);
  const room = furnish(el, html);
  const leave = address.enter(room);
  return [await exam.open(room), leave, disconnect];
}

/** @param {{model: Line, el: HTMLElement}} context @returns {() => void} */
function render({ model, el }) {
  el.classList.add("quiz-lab");
  el.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab's one-key commands: it looks upwards from where the focus is
  el.innerHTML = LOADING;
  const ended = new AbortController();
  const opened = ask(model, ended.signal).then((all) => (ended.signal.aborted ? [] : start(model, el, all)));
  opened.catch((error) => {
    el.innerHTML = GONE;
    console.error(error);
  });
  return () => {
    ended.abort();
    opened.then((closing) => closing.forEach((close) => close()), () => {});
  };
}

export default { render };
