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


def data_page(learner: Learner, save: Callable[[str, str], None], removed: Callable[[], None]) -> Page:
    """Return the page; `save` takes a file's name and text, `removed` is called when all progress is gone."""
    said = ipywidgets.HTML()
    sure = ipywidgets.Checkbox(description="Remove all my progress for good", indent=False)
    upload = ipywidgets.FileUpload(accept=".json,application/json", multiple=False, description="Import a file")

    def export() -> None:
        name, text = learner.export()
        save(name, text)
        said.value = line(f"{name} goes to your browser's downloads.")

    def take_in(change: Mapping[str, Any]) -> None:
        for file in change["new"]:
            said.value = line(learner.take_in(bytes(file.content)))

    def remove() -> None:
        if not sure.value:
            said.value = line("Nothing was removed: tick the box first.")
            return
        learner.store.reset()
        removed()
        sure.value = False
        said.value = line("All progress was removed.")

    upload.observe(take_in, names="value")
    buttons = row(button("Export as a file", export, primary=True), upload)
    return Page(_ABOUT.format(learner.store.path), [buttons, said, sure, row(button("Remove", remove))])
