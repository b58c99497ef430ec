// @ts-check
/**
 * Runs under Node.js: `node extract.mjs PYODIDE STAGE TARGET` writes what the notebooks need of the staged packages and of the
 * standard library into TARGET; `node extract.mjs PYODIDE` runs the exercise on a finished folder alone.
 */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [pyodide, stage, target] = process.argv.slice(2).map((each) => resolve(each));
const source = (/** @type {string} */ name) => readFile(new URL(name, import.meta.url), "utf8");
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`).href);

let failed = false;
console.error = (...words) => {
  failed = true; // Pyodide tells here that it could not unpack a package, and goes on
  process.stderr.write(`${words.join(" ")}\n`);
};
const python = await loadPyodide({ indexURL: pyodide, env: { PYTHONNODEBUGRANGES: "1" }, packages: stage ? [] : ["micropip", "piplite"] });
/** @param {string} name */
const put = async (name) => python.FS.writeFile(`/home/pyodide/${name}_of_lab.py`, await source(`${name}.py`));
await put("exercise");

const RECORD = `
import sys
from pathlib import Path
import extract_of_lab, exercise_of_lab
sys.dont_write_bytecode = True
sys.path.insert(0, "/stage")
opened = extract_of_lab.watch()
await exercise_of_lab.run()
extract_of_lab.write_packages(Path("/stage"), opened, Path("/target/packages"))
extract_of_lab.write_stdlib(Path("/target/stdlib"))
`;
try {
  if (stage) {
    await put("extract");
    python.mountNodeFS("/stage", stage);
    python.mountNodeFS("/target", target);
    await python.runPythonAsync(RECORD);
  } else await python.runPythonAsync("import exercise_of_lab\nawait exercise_of_lab.run()");
} catch (error) {
  process.stderr.write(`${/** @type {Error} */ (error).message}\n`); // without Pyodide's own lines of code
  process.exit(1);
}
process.exit(failed ? 1 : 0);
