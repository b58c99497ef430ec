// @ts-check
/**
 * Run in a page before its own scripts: answers the first question as soon as that can be done, and notes when.
 * It tries at every change of the page and at every frame, so nothing waits for a clock. Times are ms since navigation.
 * @param {{option: string, check: string, verdict: string, patience: number} | null} given null leaves the page alone
 */
(given) => {
  if (window.top !== window) return;
  /** @type {{shift: number, painted: number, answered?: Promise<number>}} */
  const bench = { shift: 0, painted: 0 };
  Object.assign(globalThis, { bench });

  new PerformanceObserver((list) => {
    // All count: nobody touches a page that is weighed, and with a phone's viewport the browser takes the first half
    // second for a change of size, and so for input.
    for (const entry of /** @type {any[]} */ (list.getEntries())) bench.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });

  /** @type {Promise<number>} */
  const paint = new Promise((resolve) => {
    new PerformanceObserver((list) => {
      const [entry] = list.getEntriesByName("first-contentful-paint");
      if (entry) resolve((bench.painted = entry.startTime));
    }).observe({ type: "paint", buffered: true });
  });

  if (!given) return;
  const steps = given;

  /** What a learner can see and use. @param {string} selector */
  const usable = (selector) =>
    [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(selector))].find(
      (each) => !each.closest("[hidden]") && each.checkVisibility() && !(/** @type {any} */ (each).disabled),
    );
  const told = () => [...document.querySelectorAll(steps.verdict)].some((each) => each.textContent?.trim());

  /** Whether the question has been answered and its verdict stands there. A check that is hidden costs no look at styles. */
  function attempt() {
    const check = steps.check ? usable(steps.check) : null;
    if (check === undefined) return false;
    const option = usable(steps.option);
    if (!option) return false;
    if (!(/** @type {any} */ (option).checked)) option.click();
    check?.click();
    return told();
  }

  /** What the page does not have, for who has waited long enough. */
  function missing() {
    if (!usable(steps.option)) return `an option, ${steps.option}`;
    if (steps.check && !usable(steps.check)) return `a check, ${steps.check}`;
    return `a verdict, ${steps.verdict}`;
  }

  /** @param {(at: number) => void} resolve @param {(reason: Error) => void} reject */
  function answer(resolve, reject) {
    let done = false;
    const observer = new MutationObserver(attend);
    const limit = setTimeout(() => finish(() => reject(new Error(`waited for ${missing()}`))), steps.patience);
    /** @param {() => void} report */
    function finish(report) {
      done = true;
      observer.disconnect();
      clearTimeout(limit);
      report();
    }
    function attend() {
      if (done) return;
      if (attempt()) {
        const at = performance.now();
        finish(() => paint.then((painted) => resolve(Math.max(at, painted)))); // nobody answers what is not painted
      }
      observer.takeRecords(); // what the try itself changed is no news
    }
    const everyFrame = () => {
      attend();
      if (!done) requestAnimationFrame(everyFrame);
    };
    observer.observe(document, { subtree: true, childList: true, attributes: true });
    requestAnimationFrame(everyFrame);
  }

  bench.answered = new Promise(answer);
  bench.answered.catch(() => {}); // it is asked for later
};
