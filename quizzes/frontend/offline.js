/**
 * Runs the front end where the site is opened from disk: there browsers refuse modules, but not scripts and Blobs.
 * The build puts the modules' sources in the place of MODULES_OF_THE_SITE.
 */
(() => {
  const MODULES = MODULES_OF_THE_SITE;
  const folder = new URL("./", document.currentScript.src);
  const addresses = {};

  const addressOf = (name) => (addresses[name] ??= URL.createObjectURL(new Blob([resolved(MODULES[name])], { type: "text/javascript" })));

  const resolved = (source) => source.replace(/\b(from|import)(\s*)"\.\/([\w-]+\.mjs)"/g, (_, word, space, name) => word + space + '"' + addressOf(name) + '"');

  const load = (name) => import(addressOf(name));

  const loadItems = () => new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = new URL("offline-items.js", folder).href;
    script.onload = () => done(globalThis.quizOfflineItems);
    script.onerror = () => fail(new Error("offline-items.js cannot be read"));
    document.head.append(script);
  });

  let items;
  const kept = () => {
    items ??= loadItems();
    items.catch(() => (items = undefined)); // a later try may succeed
    return items;
  };
  globalThis.quizOffline = { load, get items() { return kept(); } };
  const start = () => load("host.mjs");
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
