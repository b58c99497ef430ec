"""Attacks by what a page would run that shows the hand-in: in written answers, outputs and cells."""

from __future__ import annotations

from collections.abc import Callable

from courses import write_cell

from grader.demo import Maker
from hostile.attack import NAME, PAYLOAD, SCRIPT, Attack
from hostile.handing_in import cell, code, extra_cell


def written(text: str) -> Callable[[Maker, str], object]:
    """Return what hands in a written answer."""
    return lambda maker, student: write_cell(maker.submit(student), NAME, "why", text)


def output(data: dict[str, str]) -> Callable[[Maker, str], object]:
    """Return what hands in a notebook with an output."""
    made = {"output_type": "display_data", "metadata": {}, "data": data}
    return cell("float", lambda each: each["outputs"].append(made))


BREAKOUTS = {
    "script": SCRIPT,
    "link": f"[click](javascript:alert({PAYLOAD})) <javascript:alert({PAYLOAD})>",
    "formula": f"$\\href{{javascript:alert({PAYLOAD})}}{{x}}$ $$\\href{{javascript:alert({PAYLOAD})}}{{y}}$$",
    "formula-first": f"$$\n\n\\href{{javascript:alert({PAYLOAD})}}{{y}}\n\n$$",
    "environment": f"\\begin{{align}}\\href{{javascript:alert({PAYLOAD})}}{{y}}\\end{{align}}",
    "tabs": f"\t\n\t\t\n\x0b\x0c{SCRIPT}\x0c\n\n{SCRIPT}",
    "separators": f"a\u2028{SCRIPT}\u2029{SCRIPT}\x85{SCRIPT}\x1c{SCRIPT}\x1e\r{SCRIPT}",
    "fences": f"```\n~~~\n\n{SCRIPT}\n- - -\n\n# {SCRIPT}\n</code></pre>{SCRIPT}",
    "long-line": f"{'x' * 99_000}{SCRIPT}",
    "long-line-breaks": f"{'a-' * 20_000} {'!--' * 10_000} {SCRIPT}",
    "many-lines": "\n" * 50_000 + SCRIPT,
    "references": f'[a]: javascript:alert({PAYLOAD})\n\n[a] ![x](x" onerror=alert({PAYLOAD}) ")',
    "attachment": f"![x](attachment:x.svg){SCRIPT}",
}
SCRIPTS = (
    *(
        Attack(f"answer-{name}", f"a written answer: {name.replace('-', ' ')}", written(text))
        for name, text in BREAKOUTS.items()
    ),
    Attack("output-html", "a script in a cell's HTML output", output({"text/html": SCRIPT})),
    Attack(
        "output-svg",
        "a script in a cell's SVG output",
        output({"image/svg+xml": f"<svg onload=alert({PAYLOAD})></svg>"}),
    ),
    Attack("output-markdown", "a script in a cell's Markdown output", output({"text/markdown": SCRIPT})),
    Attack("text-cell", "a script in one more Markdown cell", extra_cell("markdown", SCRIPT)),
    Attack(
        "code-display",
        "code that shows a script",
        code(f"from IPython.display import HTML, display\ndisplay(HTML('{SCRIPT}'))"),
    ),
)
