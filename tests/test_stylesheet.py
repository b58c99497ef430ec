"""What is left of a stylesheet: rules that a page or a script can use."""

from __future__ import annotations

import pytest

from quizzes.site.stylesheet import Used, purged


def rules(css: str, html: str = "", script: str = "", module: str = "", ours: str = "") -> str:
    """Return what is left of a stylesheet where a page and scripts are all there is."""
    used = Used()
    used.read_page(html)
    used.read_script(script)
    used.read_module(module)
    return "".join(map(str, purged(css, used, ours)))


@pytest.mark.parametrize(
    ("selector", "kept"),
    [
        ("p", True),
        (".on", True),
        (".off", False),
        ("p.on", True),
        ("a.on", False),
        (".on.also", False),
        ("#here", True),
        ("#there", False),
        (".off .on", False),
        ("p .on", True),
        (".on > .also", True),
        (".on:hover::before", True),
        (".on:not(.off)", True),
        (":is(.off, .on)", True),
        (":is(.off, .gone) p", False),
        ("[hidden]", True),
        ('[class*="ls"]', True),
        ("[class^=of]", False),
    ],
)
def test_a_rule_stays_where_an_element_of_the_site_can_fit(selector: str, kept: bool) -> None:
    """Every part of a selector has to fit an element of a page; states and attributes come and go."""
    html = '<p class="on" id="here"><a class="also">x</a></p>'
    assert rules(f"{selector} {{ color: red }}", html) == (f"{selector}{{color:red}}" if kept else "")


def test_what_scripts_add_keeps_its_rules() -> None:
    """Any word in a string of a foreign script, and a class that a module of ours sets, count as there."""
    css = ".shown{top:0}.list.open{top:0}.room-bar{top:0}.sentence{top:0}.off{top:0}"
    module = 'element("div", { class: "room-bar" }); tell("a sentence")'
    left = rules(css, '<p class="list"></p>', 'box.classList.add("shown", "open")', module)
    assert left == ".shown{top:0}.list.open{top:0}.room-bar{top:0}"


def test_a_property_that_nothing_reads_is_left_out() -> None:
    """A custom property stays where a rule, another property that is read, or a stylesheet of ours reads it."""
    css = ":root{--a:1px;--b:var(--a);--c:2px;--d:3px}p{margin:var(--b)}"
    assert rules(css, ours="p{padding:var(--d)}") == ":root{--a:1px;--b:var(--a);--d:3px}p{margin:var(--b)}"


def test_conditions_frames_and_fonts_are_kept_with_what_uses_them() -> None:
    """An empty condition and an animation that nothing starts go; a font stays until the icons are known."""
    css = "@media print{.off{top:0}p{top:0}}@media screen{.off{top:0}}@keyframes go{to{top:0}}@font-face{src:url(a)}"
    assert rules(css) == "@media print{p{top:0}}@font-face{src:url(a)}"
    assert "@keyframes go{to{top:0}}" in rules(f"{css}p{{animation: go 1s}}")
