// @ts-check
/**
 * Charts as inline SVG: widths in percent and heights in the page's own letters, so that they fit any screen and text keeps
 * its size. Each names itself to a screen reader; the same figures stand in a table beside it.
 */

const SPACE = "http://www.w3.org/2000/svg";

/** @param {string} tag @param {Record<string, string | number>} attributes @param {(Node | string)[]} content @returns {SVGElement} */
export function shape(tag, attributes = {}, ...content) {
  const made = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...content);
  return made;
}

/** @param {number} share */
export const percent = (share) => `${Math.round(share * 100)} %`;
/** @param {number} share of the width */
const x = (share) => `${(share * 100).toFixed(2)}%`;
/** @param {number} rows */
const em = (rows) => `${rows.toFixed(2)}em`;

/** @param {string} id @param {number} height @param {string} title @param {string} text @param {SVGElement[]} content */
const chart = (id, height, title, text, content) =>
  shape("svg", { role: "img", class: "chart", width: "100%", height: em(height), "aria-labelledby": `${id}-title ${id}-text` },
    shape("title", { id: `${id}-title` }, title), shape("desc", { id: `${id}-text` }, text), ...content);

/** @param {number} share @param {number} at @param {"start" | "middle" | "end"} anchor @param {string} text @param {string} name */
const label = (share, at, anchor, text, name = "") => shape("text", { x: x(share), y: em(at), "text-anchor": anchor, class: name }, text);

/** @param {number} from @param {number} to @param {number} top @param {number} height @param {string} name */
const box = (from, to, top, height, name) => shape("rect", { x: x(from), y: em(top), width: x(to - from), height: em(height), class: name });

/** @param {number} from @param {number} to @param {number} top @param {number} bottom @param {string} name */
const line = (from, to, top, bottom, name) => shape("line", { x1: x(from), x2: x(to), y1: em(top), y2: em(bottom), class: name });

/** @typedef {{name: string, value: string, share?: number, low?: number, high?: number}} Bar without a share where there is too little to say */

/** @param {Bar} bar @param {number} top */
function barRow({ name, value, share, low = 0, high = 0 }, top) {
  const row = [label(0, top + 1, "start", name, "chart-name"), label(1, top + 1, "end", value), box(0, 1, top + 1.5, 0.8, "chart-track")];
  if (share === undefined) return row;
  const ends = [low, high].map((end) => line(end, end, top + 1.6, top + 2.2, "chart-range"));
  return [...row, box(0, share, top + 1.5, 0.8, "chart-bar"), line(low, high, top + 1.9, top + 1.9, "chart-range"), ...ends];
}

/** Bars from 0 to 100 %, with the range in which the true share may lie. @param {string} id @param {string} title @param {string} text @param {Bar[]} rows */
export const bars = (id, title, text, rows) => chart(id, rows.length * 3.2, title, text, rows.flatMap((row, place) => barRow(row, place * 3.2)));

/** @typedef {{name: string, count: number, share?: number}} Span */

/** @param {Span} span @param {number} place @param {number} spans @param {number} most */
function column({ count, share }, place, spans, most) {
  const [from, to, middle] = [0.15, 0.85, 0.5].map((part) => (place + part) / spans);
  if (share === undefined) return [];
  const height = (4 * count) / most;
  return [box(from, to, 5.5 - height, height, "chart-bar"), shape("circle", { cx: x(middle), cy: em(12 - 4 * share), r: "0.3em", class: "chart-dot" })];
}

/** The line through the shares; percent are no coordinates of a polyline, hence a drawing of its own that is stretched. @param {Span[]} spans */
function path(spans) {
  const points = spans.flatMap(({ share }, place) => (share === undefined ? [] : [`${((place + 0.5) / spans.length) * 100},${100 - share * 100}`]));
  return shape("svg", { x: 0, y: em(8), width: "100%", height: em(4), viewBox: "0 0 100 100", preserveAspectRatio: "none", overflow: "visible" },
    shape("polyline", { points: points.join(" "), class: "chart-line", "vector-effect": "non-scaling-stroke" }));
}

/** Two panels over time: how many, and which share was right. @param {string} id @param {string} title @param {string} text @param {Span[]} spans */
export function timeline(id, title, text, spans) {
  const most = Math.max(1, ...spans.map(({ count }) => count));
  const frame = [1.5, 5.5, 8, 10, 12].map((at) => line(0, 1, at, at, "chart-grid"));
  const names = [
    label(0, 1, "start", `Questions, up to ${most}`, "chart-name"), label(0, 7.5, "start", "Share right, 0 to 100 %", "chart-name"),
    label(0, 13.4, "start", spans[0].name), label(1, 13.4, "end", spans[spans.length - 1].name),
  ];
  return chart(id, 14, title, text, [...frame, ...names, path(spans), ...spans.flatMap((span, place) => column(span, place, spans.length, most))]);
}
