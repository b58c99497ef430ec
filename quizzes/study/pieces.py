"""Small pieces that a study session is made of."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets
from markupsafe import Markup

_LINE = Markup("<p>{}</p>")


def line(text: str) -> Markup:
    """Return a text as a paragraph."""
    return _LINE.format(text)


def close(widget: ipywidgets.Widget, but: ipywidgets.Widget | None = None) -> None:
    """Close a widget with all that is in it, so that a front end forgets it; `but` stays open."""
    if widget is but:
        return
    own = (getattr(widget, name, None) for name in ("layout", "style"))
    for part in (*getattr(widget, "children", ()), *own):
        if isinstance(part, ipywidgets.Widget):
            close(part, but)
    widget.close()


def button(label: str, act: Callable[[], None], *, primary: bool = False) -> ipywidgets.Button:
    """Return a button that acts when it is pressed."""
    made = ipywidgets.Button(description=label, button_style="primary" if primary else "")
    made.on_click(lambda _: act())
    return made


def row(*buttons: ipywidgets.Widget) -> ipywidgets.HBox:
    """Return buttons side by side, in several lines where there is little room."""
    made = ipywidgets.HBox(buttons)
    made.add_class("study-buttons")
    return made
