// @ts-check
/** A report of a question, for a site that has no form: whoever reads it needs nothing but its text. */

/** What is chosen, one line a choice, under what was asked. @param {HTMLElement} item @returns {string[]} */
function choices(item) {
  const chosen = /** @type {HTMLElement[]} */ ([...item.querySelectorAll("form :checked")]).filter((each) => !each.matches("option[value='']") && each.dataset.sure === undefined);
  return chosen.map((each) => {
    const asked = each.closest("fieldset")?.querySelector("legend")?.textContent?.trim();
    const label = (each.closest("label")?.querySelector("span")?.textContent ?? "").trim();
    const said = each instanceof HTMLOptionElement ? `${label}: ${each.textContent}` : label;
    return `- ${asked ? `${asked} ` : ""}${said}`;
  });
}

/** @param {HTMLElement} item @param {string} id @param {string} address */
function reportText(item, id, address) {
  const chosen = choices(item);
  return [`Question: ${id}`, `Page: ${address}`, "What I chose:", ...(chosen.length ? chosen : ["- nothing"]), "What I expected, and which words support it:", "", ""].join("\n");
}

/** Copy the report; where copying is refused, show it to be copied by hand. @param {HTMLElement} tool the button @param {string} id @param {string} address */
export async function copyReport(tool, id, address) {
  const item = /** @type {HTMLElement} */ (tool.closest(".quiz-item"));
  const text = reportText(item, id, address);
  item.querySelector(".quiz-report")?.remove();
  const told = document.createElement("div");
  told.className = "quiz-report";
  const line = document.createElement("p");
  line.setAttribute("role", "status");
  told.append(line);
  tool.parentElement?.after(told);
  try {
    await navigator.clipboard.writeText(text);
    line.textContent = "The report is copied. Paste it into a mail, add what you expected, and send it to whoever gave you this course.";
  } catch {
    line.textContent = "Copy this report into a mail, add what you expected, and send it to whoever gave you this course.";
    const shown = document.createElement("textarea");
    Object.assign(shown, { readOnly: true, rows: 7, value: text });
    shown.setAttribute("aria-label", "Report");
    told.append(shown);
    shown.select();
  }
}
