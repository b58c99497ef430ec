// @ts-check
/** Draw a form, count its score and say how sure it is: the same as quizzes/drawing.py and quizzes/scores.py. */
import { shuffled } from "./select.mjs";

/** @typedef {{kind: string, family: string, exam: string[], questions: number}} Item */
/** @typedef {{items: Record<string, Item>, exams: Record<string, {topics: Record<string, {name: string, domain?: string}>}>}} Index */
/** @typedef {{id: string, exam: string, questions: number, sections: number, domains: Record<string, number>,
 *   kinds: Record<string, number>}} Blueprint */
/** @typedef {{blueprint: string, seed: number, code: string, sections: string[][], rest: number, domains: Record<string, string>,
 *   composition: {domain: string, asked: number | null, drawn: number}[]}} Form */

/**
 * Chance for a seed, as Math.random gives it (mulberry32, Ettinger 2017).
 * @param {number} seed a whole number under 2^32 @returns {() => number}
 */
export function randomOf(seed) {
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) throw new RangeError(`seed ${seed}: use a whole number from 0 to ${2 ** 32 - 1}`);
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @param {Record<string, number>} counts @param {string} name @param {number} more */
const count = (counts, name, more) => (counts[name] = (counts[name] ?? 0) + more);

/** The code of a form, as in `itil-4711`. @param {string} blueprint @param {number} seed */
export const codeOf = (blueprint, seed) => `${blueprint}-${seed}`;

/**
 * The blueprint and seed that a code names, or null. @param {string} code @param {string[]} blueprints their ids
 * @returns {{blueprint: string, seed: number} | null}
 */
export function readCode(code, blueprints) {
  const found = /^([a-z0-9]+(?:-[a-z0-9]+)*)-(\d{1,10})$/.exec(code.trim().toLowerCase());
  return found && blueprints.includes(found[1]) && Number(found[2]) < 2 ** 32 ? { blueprint: found[1], seed: Number(found[2]) } : null;
}

/** The domain of each item of an exam: where it has several, the one with the fewest questions. @param {Index} index @param {string} exam */
export function domainsOf({ items, exams }, exam) {
  const topics = new Map(Object.entries(exams[exam]?.topics ?? {}).map(([id, { name, domain }]) => [`${exam}/${id}`, domain ?? name]));
  const names = [...new Set(topics.values())];
  /** @param {string} id */
  const domains = (id) => names.filter((name) => items[id].exam.some((tag) => topics.get(tag) === name));
  /** @type {Record<string, number>} */
  const size = {};
  for (const id in items) for (const name of domains(id)) count(size, name, items[id].questions);
  const found = Object.keys(items).map((id) => [id, domains(id).reduce((few, name) => (few && size[few] <= size[name] ? few : name), "")]);
  return /** @type {Record<string, string>} */ (Object.fromEntries(found.filter(([, name]) => name)));
}

/** A form while it is drawn; `rooms` is what is left of each section for cases. @param {Record<string, Item>} items @param {Blueprint} blueprint @param {string[]} mixed @param {string[]} prefer */
function drawing(items, { kinds, questions, sections }, mixed, prefer) {
  const all = !Object.keys(kinds).length;
  const order = mixed.filter((id) => all || items[id].kind in kinds);
  const place = new Map(order.map((id, number) => [id, number]));
  const preferred = new Set(prefer);
  /** @type {number[]} */
  const rooms = Array(sections).fill(Math.floor(questions / sections));
  /** @type {Map<string, number>} item to the section of a case, -1 for a single question */
  const taken = new Map();
  const families = /** @type {Record<string, number>} */ ({});
  const drawn = /** @type {Record<string, number>} */ ({});

  /** @param {string} id @param {number} left */
  const fits = (id, left) => !taken.has(id) && items[id].questions <= left && (items[id].questions === 1 || items[id].questions <= Math.max(...rooms));

  /** What decides: a new family, what is preferred, a kind that is short, and then chance. @param {string} id */
  const rank = (id) => [
    families[items[id].family] ?? 0, Number(!preferred.has(id)),
    Number((drawn[items[id].kind] ?? 0) >= (kinds[items[id].kind] ?? 0)), place.get(id) ?? 0,
  ];

  /** @param {string} id */
  function add(id) {
    const { family, kind, questions: size } = items[id];
    const section = size > 1 ? rooms.indexOf(Math.max(...rooms)) : -1;
    if (size > 1) rooms[section] -= size;
    taken.set(id, section);
    count(families, family, 1);
    count(drawn, kind, size);
    return size;
  }

  /** Take items until they come to a number of questions, or no other item fits. @param {string[]} ids @param {number} number */
  function take(ids, number) {
    for (let left = number; left > 0; ) {
      const fitting = ids.filter((id) => fits(id, left));
      if (!fitting.length) return;
      left -= add(first(fitting, rank));
    }
  }
  return { order, rooms, taken, take };
}

/** The value of the least rank, the earlier of equal ones. @param {string[]} ids @param {(id: string) => number[]} rank */
function first(ids, rank) {
  const [found] = ids.map((id) => ({ id, rank: rank(id) })).reduce((/** @type {{id: string, rank: number[]}[]} */ [least], each) => {
    const at = least ? each.rank.findIndex((number, step) => number !== least.rank[step]) : 0;
    return [!least || (at >= 0 && each.rank[at] < least.rank[at]) ? each : least];
  }, []);
  return found.id;
}

/** The items by section, each in an order by chance. @param {ReturnType<typeof drawing>} draw @param {() => number} random */
function sectionsOf({ taken, rooms }, random) {
  /** @param {number} section */
  const within = (section) => [...taken].filter(([, at]) => at === section).map(([id]) => id);
  const singles = shuffled(within(-1), random);
  return rooms.map((room, section) => shuffled([...within(section), ...singles.splice(0, room)], random));
}

/**
 * Draw a form: same index, blueprint, seed and preferred items, same form.
 * @param {Index} index @param {Blueprint} blueprint @param {number} seed @param {string[]} [prefer] ids, before others of their families
 * @returns {Form} throws where the bank cannot fill it
 */
export function drawForm(index, blueprint, seed, prefer = []) {
  const { items } = index;
  const random = randomOf(seed);
  const domains = domainsOf(index, blueprint.exam);
  const draw = drawing(items, blueprint, shuffled(Object.keys(items).sort(), random), prefer);
  /** @param {Iterable<string>} ids */
  const questions = (ids) => [...ids].reduce((sum, id) => sum + items[id].questions, 0);
  /** @param {string} name @param {Iterable<string>} ids */
  const inDomain = (name, ids) => [...ids].filter((id) => domains[id] === name);
  const scarce = Object.keys(blueprint.domains).map((name) => ({ name, ids: inDomain(name, draw.order) })).sort((one, two) => questions(one.ids) - questions(two.ids));
  for (const { name, ids } of scarce) draw.take(ids, blueprint.domains[name]);
  for (const pool of [draw.order.filter((id) => domains[id]), draw.order]) draw.take(pool, blueprint.questions - questions(draw.taken.keys()));
  const drawn = questions(draw.taken.keys());
  if (drawn < blueprint.questions) throw new Error(`${blueprint.id}: ${blueprint.questions} questions asked, the bank fills ${drawn}`);
  const ofExam = [...draw.taken.keys()].filter((id) => domains[id]);
  const names = new Set([...Object.keys(blueprint.domains), ...[...new Set(Object.values(domains))].sort()]);
  const composition = [...names].map((domain) => ({ domain, asked: blueprint.domains[domain] ?? null, drawn: questions(inDomain(domain, ofExam)) }));
  return {
    blueprint: blueprint.id, seed, code: codeOf(blueprint.id, seed), sections: sectionsOf(draw, random),
    composition: composition.filter(({ asked, drawn }) => asked || drawn),
    domains: Object.fromEntries(ofExam.map((id) => [id, domains[id]])), rest: drawn - questions(ofExam),
  };
}

/* ---- scores ---- */

/** The names of the parts of each question: a case has several questions, every other item is one. @param {{name: string}[]} rule @returns {string[][]} */
export function questionsOf(rule) {
  /** @type {Record<string, string[]>} */
  const groups = {};
  for (const { name } of rule) (groups[/^(q\d+)\./.exec(name)?.[1] ?? ""] ??= []).push(name);
  return Object.values(groups);
}

/** How many questions are entirely right. @param {{name: string}[]} rule @param {{parts: {name: string, outcome: string}[]}} mark */
export function scoreOf(rule, mark) {
  const right = new Set(mark.parts.filter(({ outcome }) => outcome === "right").map(({ name }) => name));
  const questions = questionsOf(rule);
  return { right: questions.filter((names) => names.every((name) => right.has(name))).length, questions: questions.length };
}

/** The 95 % interval of the share of right answers (Wilson 1927). @param {number} right @param {number} questions @returns {[number, number]} */
export function interval(right, questions) {
  if (!questions) return [0, 1];
  const z = 1.959963984540054; // the normal distribution's 97.5 % point
  const [share, weight] = [right / questions, (z * z) / questions];
  const middle = share + weight / 2;
  const reach = z * Math.sqrt((share * (1 - share)) / questions + weight / questions / 4);
  return [right ? (middle - reach) / (1 + weight) : 0, right < questions ? (middle + reach) / (1 + weight) : 1];
}
