"""The section of a session in which learners take their progress with them, bring it here, or remove it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import ipywidgets
from markupsafe import Markup

from quizzes.study.learner import Learner
from quizzes.study.pieces import button, line, row

_ABOUT = Markup("""<p>Progress is kept in one file on this computer: <code>{}</code>.</p>
<p>The file that you export here can be imported on the course's site, on the page Your progress, and the other way
round. Importing adds: nothing that is here is lost, and a file that comes twice changes nothing the second time.
</p>""")


class Page(NamedTuple):
    """A page of a session: some HTML, and the widgets below it."""

    html: Markup
    widgets: list[ipywidgets.Widget]


def data_page(learner: Learner, send: Callable[[Any], None], removed: Callable[[], None]) -> Page:
    """Return the page; `send` takes words for the desk, `removed` is called when all progress is gone."""
    said = ipywidgets.HTML()

    def tell(text: str) -> None:
        said.value = line(text)
        send({"say": text})

    sure = ipywidgets.Checkbox(description="Remove all my progress for good", indent=False)
    upload = ipywidgets.FileUpload(accept=".json,application/json", multiple=False, description="Import a file")

    def export() -> None:
        name, text, lacks = learner.export()
        send({"save": {"name": name, "text": text}})
        tell(f"{name} goes to your browser's downloads. {lacks}".strip())

    def take_in(change: Mapping[str, Any]) -> None:
        for file in change["new"]:
            tell(learner.take_in(bytes(file.content)))

    def remove() -> None:
        if not sure.value:
            tell("Nothing was removed: tick the box first.")
            return
        if not learner.store.reset():
            tell(f"Nothing was removed. {learner.store.kept_not()}")
            return
        removed()
        sure.value = False
        tell("All progress was removed.")

    upload.observe(take_in, names="value")
    buttons = row(button("Export as a file", export, primary=True), upload)
    about = _ABOUT.format(learner.store.path)
    if damaged := learner.store.damaged():
        about += line(f"Records in it that cannot be read: {len(damaged)}. They are left out, and left as they are.")
    return Page(about, [buttons, said, sure, row(button("Remove", remove))])
