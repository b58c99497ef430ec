"""Which scripts of the theme a page keeps."""

from __future__ import annotations

import re

from quizzes.site.scripts import with_fewer_scripts


def test_scripts_stand_where_they_have_work() -> None:
    """A page with code keeps the button that copies it; a page without loses it, and the searching goes with it."""
    names = ("copybutton.js", "togglebutton.js", "searchtools.js", "searchindex.js", "scripts/bootstrap.js", "own.js")
    head = "".join(f'<script src="_static/{name}?v=1"></script>' for name in names)
    head += "<script>let toggleHintShow = '';</script><script>DOCUMENTATION_OPTIONS.pagename = 'a';</script>"

    def left(body: str) -> list[str]:
        html = with_fewer_scripts(f'{head}<button class="sidebar-toggle">{body}', "lean.js")
        return re.findall(r"script defer src=\"_static/([\w.]+)|<script>let (\w+)|<script>(\w+)", html)

    assert ["".join(each) for each in left("")] == ["own.js"]
    assert ["".join(each) for each in left('<div class="highlight-py">')] == ["copybutton.js", "own.js"]
    assert ["".join(each) for each in left('<div class="toggle">')] == ["togglebutton.js", "own.js", "toggleHintShow"]
    assert "searchindex.js" in ["".join(each) for each in left('<div id="search-results">')]


def test_a_setting_that_is_written_twice_stays_once() -> None:
    """Jupyter Book writes one of its own twice, which a browser tells as an error of the page."""
    html = '<script>const SETTING = "a";</script><script src="own.js"></script><script>const SETTING = "a";</script>'
    assert with_fewer_scripts(html, "lean.js").count("SETTING") == 1
