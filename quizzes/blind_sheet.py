"""The sheet of a blind reading as a page that is answered with clicks, opened from disk and without a network."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from quizzes.bank import Bank
from quizzes.forms import form_item
from quizzes.items import AnyItem
from quizzes.records import RecordError, parse_json, write_json, write_text
from quizzes.render import environment, render_form
from quizzes.reviews import sheet

FRONTEND = Path(__file__).with_name("frontend")
PAGE = ".html"
_DATA = re.compile(r'<script type="application/json" id="sheet">(.*?)</script>', re.DOTALL)
_MODULE = "export default { render };"


def write(path: Path, items: Sequence[AnyItem], bank: Bank) -> None:
    """Write the sheet: a page where the name ends in .html, else JSON."""
    if path.suffix.lower() == PAGE:
        write_text(path, page(items, bank))
    else:
        write_json(path, sheet(items, bank))


def read(path: Path) -> Any:
    """Return the sheet that `write` wrote; raises RecordError with one line."""
    content = path.read_bytes()
    if path.suffix.lower() == PAGE:
        found = _DATA.search(content.decode("utf-8", "replace"))
        if found is None:
            raise RecordError(f"{path}: not a page that `blind sheet` wrote: give the sheet that was answered")
        content = found[1].encode()
    try:
        return parse_json(content)
    except RecordError as error:
        raise RecordError(f"{path}: {error}") from None


def page(items: Sequence[AnyItem], bank: Bank) -> str:
    """Return the page; it holds the sheet's data too, so that `record` knows which wording was read."""
    asked = [form_item(item, None, bank.differentiator_names).model_dump(mode="json") for item in items]
    data = json.dumps(sheet(items, bank), ensure_ascii=False).replace("<", "\\u003c")
    return (
        environment()
        .get_template("blind.html.jinja")
        .render(
            count=len(items),
            digest=hashlib.sha256(data.encode()).hexdigest()[:12],
            questions=Markup(render_form(asked)),  # noqa: S704  escaped as it was made
            data=Markup(data),  # noqa: S704  a script's data cannot end the script
            style=Markup((FRONTEND / "quiz.css").read_text(encoding="utf-8")),  # noqa: S704  our own file
            script=Markup(_script()),  # noqa: S704  our own files
        )
    )


def _script() -> str:
    """Return the quiz and the sheet's own script as one module, since a page on disk may not load another."""
    quiz = (FRONTEND / "quiz.mjs").read_text(encoding="utf-8")
    if _MODULE not in quiz:
        raise ValueError("quiz.mjs has another default export: change quizzes.blind_sheet")
    own = (FRONTEND / "author" / "sheet.mjs").read_text(encoding="utf-8")
    own = re.sub(r"^import .*\n", "", own, flags=re.MULTILINE)
    return f"{quiz.replace(_MODULE, 'const quiz = { render };')}\n{{\n{own}}}".replace("</script", "<\\/script")
