// @ts-check
/** The lab's files in this browser's cache: loaded as packs of many files, of which quizzes/site/lite_pack.py tells the form. */
import { Decompress } from "fzstd";
import { root } from "./site.mjs";

/** @typedef {{name: string, bytes: number, raw: number}} Pack */

export const folder = new URL("lite/", root);
const family = `project-or-operation-lab:${encodeURIComponent(folder.pathname)}:`; // as in quizzes/site/lite_runtime/sw.js
const whole = new URL("whole", folder).href; // is in a cache once all files of its pack are

/** @param {Pack} pack */
const isWhole = async (pack) => (await caches.has(family + pack.name)) && !!(await (await caches.open(family + pack.name)).match(whole));

/** Which of the packs are not here yet. @param {Pack[]} packs */
export async function missing(packs) {
  const here = await Promise.all(packs.map(isWhole));
  return packs.filter((_, each) => !here[each]);
}

/** @returns {Promise<string[]>} */
const ours = async () => (await caches.keys()).filter((name) => name.startsWith(family));

/** Whether any version of the lab is here, whole or not. */
export const anything = async () => (await ours()).length > 0;

/** Remove what this browser holds of the lab, except some packs. @param {Pack[]} [kept] */
export async function remove(kept = []) {
  const names = kept.map((pack) => family + pack.name);
  await Promise.all((await ours()).filter((name) => !names.includes(name)).map((name) => caches.delete(name)));
}

/**
 * The content of a pack, unpacked while it comes in.
 * @param {Pack} pack @param {AbortSignal} signal @param {(bytes: number) => void} came @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function fetched(pack, signal, came) {
  const answer = await fetch(new URL(pack.name, folder), { signal });
  if (!answer.ok || !answer.body) throw new Error(`${pack.name}: ${answer.status}`);
  const content = new Uint8Array(pack.raw);
  let filled = 0;
  const unpack = new Decompress((chunk) => {
    content.set(chunk, filled);
    filled += chunk.length;
  });
  const reader = answer.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    unpack.push(part.value);
    came(part.value.length);
  }
  if (filled !== pack.raw) throw new Error(`${pack.name}: ${filled} of ${pack.raw} bytes`);
  return content;
}

/** @param {Pack} pack @param {Uint8Array<ArrayBuffer>} content */
async function put(pack, content) {
  const start = 4 + new DataView(content.buffer).getUint32(0, true);
  /** @type {[string, string, number][]} */
  const list = JSON.parse(new TextDecoder().decode(content.subarray(4, start)));
  const cache = await caches.open(family + pack.name);
  let at = start;
  const writing = list.map(([path, type, size]) => {
    const file = content.subarray(at, (at += size));
    return cache.put(new URL(path, folder).href, new Response(file, { headers: { "Content-Type": type, "Content-Length": String(size) } }));
  });
  await Promise.all(writing);
  await cache.put(whole, new Response(pack.name));
}

/** Load packs into the cache and tell of every part that came. @param {Pack[]} packs @param {AbortSignal} signal @param {(bytes: number) => void} came */
export async function load(packs, signal, came) {
  for (const pack of packs) await put(pack, await fetched(pack, signal, came));
}

/** Have the lab's service worker answer for its folder. */
export async function serve() {
  const registration = await navigator.serviceWorker.register(new URL("sw.js", folder), { scope: folder.href, updateViaCache: "none" });
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  if (!worker) throw new Error("no service worker");
  await new Promise((done, failed) => {
    const look = () => {
      if (worker.state === "activated") done(undefined);
      if (worker.state === "redundant") failed(new Error("the service worker did not start"));
    };
    worker.addEventListener("statechange", look);
    look();
  });
}
