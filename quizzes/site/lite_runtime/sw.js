/** The lab's service worker: answers from the caches that the page "In the browser" has filled, and else from the network. */
const scope = new URL(self.registration.scope);
const family = "project-or-operation-lab:" + encodeURIComponent(scope.pathname) + ":"; // as in frontend/lite.mjs

let opened; // the caches, looked up once a page

const open = async () => Promise.all((await caches.keys()).filter((name) => name.startsWith(family)).map((name) => caches.open(name)));

async function kept(url) {
  const address = url.origin + url.pathname + (url.pathname.endsWith("/") ? "index.html" : "");
  for (const cache of await (opened ??= open())) {
    const found = await cache.match(address);
    if (found) return found;
  }
  return undefined;
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.mode === "navigate") opened = undefined;
  if (event.request.method === "GET" && url.href.startsWith(scope.href)) event.respondWith(kept(url).then((found) => found ?? fetch(event.request)));
});
