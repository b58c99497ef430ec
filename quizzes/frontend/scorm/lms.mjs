// @ts-check
/** The learning platform behind a SCORM package: one way of calling it for SCORM 1.2 and 2004. */

/** @typedef {Record<string, (...given: string[]) => any>} Api */
/** @typedef {{api: string, start: string, set: string, get: string, commit: string, finish: string, error: string, text: string,
 *   names: Record<string, string>, room: number, wrong: string, timespan: (seconds: number) => string, time: (at: Date) => string}} Dialect */

const LEVELS = 500; // windows to look through, as the specification says

/** @param {number} number */
const two = (number) => String(number).padStart(2, "0");

/** @param {number} seconds */
const split = (seconds) => [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), Math.floor(seconds % 60)];

/** @type {Record<string, Dialect>} */
export const DIALECTS = {
  "1.2": {
    api: "API", start: "LMSInitialize", set: "LMSSetValue", get: "LMSGetValue", commit: "LMSCommit", finish: "LMSFinish",
    error: "LMSGetLastError", text: "LMSGetErrorString",
    names: {
      raw: "cmi.core.score.raw", min: "cmi.core.score.min", max: "cmi.core.score.max", mode: "cmi.core.lesson_mode",
      status: "cmi.core.lesson_status", exit: "cmi.core.exit", spent: "cmi.core.session_time", mastery: "cmi.student_data.mastery_score",
      response: "student_response", at: "time",
    },
    room: 4096, wrong: "wrong",
    timespan: (seconds) => {
      const [hours, minutes, rest] = split(seconds);
      return `${String(hours).padStart(4, "0")}:${two(minutes)}:${two(rest)}`;
    },
    time: (at) => `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`,
  },
  2004: {
    api: "API_1484_11", start: "Initialize", set: "SetValue", get: "GetValue", commit: "Commit", finish: "Terminate",
    error: "GetLastError", text: "GetErrorString",
    names: {
      raw: "cmi.score.raw", min: "cmi.score.min", max: "cmi.score.max", scaled: "cmi.score.scaled", mode: "cmi.mode",
      status: "cmi.completion_status", success: "cmi.success_status", exit: "cmi.exit", spent: "cmi.session_time",
      mastery: "cmi.scaled_passing_score", response: "learner_response", at: "timestamp",
    },
    room: 64_000, wrong: "incorrect",
    timespan: (seconds) => {
      const [hours, minutes, rest] = split(seconds);
      return `PT${hours}H${minutes}M${rest}S`;
    },
    time: (at) => at.toISOString().replace(/\d(?=Z)/, ""), // hundredths of a second are allowed
  },
};

/** The platform's object in a window or in one around it. @param {Window | null} from @param {string} name @returns {Api | undefined} */
function above(from, name) {
  for (let each = from, level = 0; each && level < LEVELS; level += 1) {
    try {
      const found = /** @type {any} */ (each)[name];
      if (found) return found;
    } catch {
      return undefined; // a window of another site
    }
    if (each === each.parent) return undefined;
    each = each.parent;
  }
  return undefined;
}

/** A platform that never throws; `open` is whether it took the session. @param {string} version */
export function connect(version) {
  const dialect = DIALECTS[version];
  const api = above(window, dialect.api) ?? above(window.opener, dialect.api);
  /** @param {string} method @param {string[]} given */
  const call = (method, ...given) => {
    try {
      return String(api?.[method](...given) ?? "");
    } catch {
      return "";
    }
  };
  const done = (/** @type {string} */ said) => said === "true" || said === "1";
  let open = api !== undefined && done(call(dialect.start, ""));
  const began = Date.now();
  /** @param {string} name */
  const full = (name) => dialect.names[name] ?? name;
  const lms = {
    dialect,
    /** Whether a session is open. */
    open: () => open,
    /** @param {string} name */
    get: (name) => (open && full(name) ? call(dialect.get, full(name)) : ""),
    /** Whether it took the value. @param {string} name @param {string | number} value */
    set: (name, value) => open && done(call(dialect.set, full(name), String(value))),
    commit: () => open && done(call(dialect.commit, "")),
    /** What the last call failed with. */
    fault: () => (open ? call(dialect.text, call(dialect.error)) : "the session is closed"),
    /** Close the session; "suspend" keeps the answers and the score, where a normal exit would make way for a new attempt. */
    close: () => {
      if (!open) return;
      lms.set("spent", dialect.timespan((Date.now() - began) / 1000));
      lms.set("exit", "suspend");
      lms.commit();
      call(dialect.finish, "");
      open = false;
    },
  };
  return lms;
}
