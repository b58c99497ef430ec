// @ts-check
/** The author's preview: quizzes whose answers last as long as the page, and a page that follows the bank's files. */
import quiz from "../quiz.mjs";

const EVERY = 250; // milliseconds between two looks at the files

/** @type {Record<string, any>} */
const kept = {};
/** @type {Set<() => void>} */
const listeners = new Set();

/** @type {import("../quiz.mjs").Model} */
const model = {
  get: (name) => kept[name],
  set: (name, value) => {
    kept[name] = value;
    if (name === "responses") for (const tell of listeners) tell();
  },
  save_changes: () => {},
  on: (event, handler) => {
    if (event === "change:responses") listeners.add(handler);
  },
  off: (_, handler) => listeners.delete(handler),
};

/** @type {(() => void)[]} */
let running = [];

function start() {
  for (const stop of running) stop();
  const hosts = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".quiz-host"));
  running = [...hosts].map((el) => quiz.render({ model, el }));
}

const main = () => /** @type {HTMLElement} */ (document.querySelector("main"));

/** @param {string} path */
async function read(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.text();
}

/** Show what the files hold now; answers and the place on the page stay. */
async function follow() {
  if ((await read("/state")) === main().dataset.state) return;
  const fresh = new DOMParser().parseFromString(await read("/"), "text/html");
  main().replaceWith(/** @type {HTMLElement} */ (fresh.querySelector("main")));
  start();
}

/** @param {string} text */
function tell(text) {
  const line = /** @type {HTMLElement} */ (document.querySelector("#told"));
  if (line.textContent !== text) line.textContent = text;
}

async function watch() {
  await follow().then(() => tell(""), () => tell("The preview has ended. Start it again, and this page goes on."));
  setTimeout(watch, EVERY);
}

start();
watch();
