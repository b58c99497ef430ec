/**
 * The service worker: keeps the whole site in this browser, one cache a version, and answers from it first.
 * The build puts the site's files in the place of the first two names: a digest by path. A cache's keys hold the digests, so a file that did not
 * change is copied from the version before, and no server or proxy can give an old file for a new one.
 */
const FILES = FILES_OF_THE_SITE;
const VERSION = VERSION_OF_THE_SITE;

const scope = new URL(self.registration.scope);
const family = "project-or-operation:" + encodeURIComponent(scope.pathname) + ":"; // an origin may serve other sites
const own = family + VERSION;

const addressOf = (path) => new URL(path + "?" + FILES[path], scope).href;

/** The file that an address means, whatever its query: "" and "book/" mean index.html in them. */
function pathOf(url) {
  if (url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname)) return undefined;
  const path = decodeURIComponent(url.pathname.slice(scope.pathname.length));
  return [path, path + "index.html", path + ".html"].find((each) => Object.hasOwn(FILES, each));
}

const ourCaches = async () => (await caches.keys()).filter((name) => name.startsWith(family));

/** What a cache of this site, of any version, holds under an address. */
async function kept(address) {
  for (const name of await ourCaches()) {
    const found = await (await caches.open(name)).match(address, { ignoreVary: true });
    if (found) return found;
  }
  return undefined;
}

/** A page may not be answered with a response that was redirected, as hosts do that shorten addresses. */
const plain = (answer) => (answer.redirected ? answer.blob().then((body) => new Response(body, { headers: answer.headers })) : answer);

async function fetched(address) {
  const answer = await fetch(address, { cache: "no-cache" });
  if (!answer.ok) throw new Error(address + ": " + answer.status);
  return plain(answer);
}

/** Rejects where a file cannot be had; the version before then stays in force. */
async function install() {
  const cache = await caches.open(own);
  await Promise.all(Object.keys(FILES).map(async (path) => {
    const address = addressOf(path);
    await cache.put(address, (await kept(address)) ?? (await fetched(address)));
  }));
}

/** Remove what versions before have left, unless another page is open that may still need it. */
async function tidy() {
  if (self.registration.installing || self.registration.waiting) return;
  const open = (await self.clients.matchAll({ type: "window", includeUncontrolled: true })).filter((each) => each.url.startsWith(scope.href));
  if (open.length > 1) return;
  await Promise.all((await ourCaches()).filter((name) => name !== own).map((name) => caches.delete(name)));
}

async function answer(path, request) {
  return (await (await caches.open(own)).match(addressOf(path), { ignoreVary: true })) ?? fetch(request);
}

/** A file that this version does not know, for a page that was opened before an update. */
async function left(request) {
  const path = new URL(request.url).pathname;
  for (const name of await ourCaches()) {
    const found = await (await caches.open(name)).match(path, { ignoreSearch: true, ignoreVary: true });
    if (found) return found;
  }
  return fetch(request);
}

function absent() {
  const words = "<!DOCTYPE html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'><title>Not available offline</title>"
    + "<body style='font:1.1rem/1.5 system-ui;margin:3rem auto;max-width:34rem;padding:0 1rem;color-scheme:light dark'><main><h1>Not available offline</h1>"
    + "<p>There is no network, and this address is not a page of the course.</p><p><a href='" + scope.pathname + "'>Go to the course</a></p></main>";
  return new Response(words, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim().then(tidy)));
self.addEventListener("message", (event) => event.data === "take over" && event.waitUntil(self.skipWaiting()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || !url.href.startsWith(scope.href)) return;
  const path = pathOf(url);
  if (request.mode === "navigate") event.waitUntil(tidy());
  if (path) event.respondWith(answer(path, request));
  else if (request.mode === "navigate") event.respondWith(fetch(request).catch(absent));
  else if (url.pathname.startsWith(scope.pathname + "_static/quiz-")) event.respondWith(left(request));
});
