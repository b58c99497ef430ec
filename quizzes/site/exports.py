"""The downloads for other programs: the practice items in every format that learners or instructors take to one.

`python -m quizzes.site.exports _build/html` puts them among the downloads of a finished site. With `--site ADDRESS`,
where the site will be published, Anki's cards link to their page.
"""

from __future__ import annotations

import argparse
import re
from functools import partial
from pathlib import Path

from quizzes import exports
from quizzes.exports import anki
from quizzes.exports.select import selected
from quizzes.loading import load_bank
from quizzes.site import downloads

OFFERED = {  # how the file's name ends, by format
    "anki": ".apkg",
    "csv": ".csv",
    "moodle": "-moodle.xml",
    "gift": ".gift.txt",
    "qti21": "-qti-2.1.zip",
    "qti12": "-qti-1.2.zip",
}
_ITEM = re.compile(r'\bid="item-([\w-]+)"')


def pages(html: Path) -> dict[str, str]:
    """Return the page of each item that has an address, below the root of a built site."""
    found: dict[str, str] = {}
    for path in sorted((html / "book").rglob("*.html")):
        for item in _ITEM.findall(path.read_text(encoding="utf-8")):
            found.setdefault(item, path.relative_to(html).as_posix())
    return found


def main(html: Path, site: str = "") -> None:
    """Write the files and seal the site again, since the page of downloads tells their sizes."""
    bank = load_bank()
    items = selected(bank, ["use=practice"])
    for name, ending in OFFERED.items():
        linked = partial(anki.export, site=anki.Site(site, pages(html)))
        export = linked if name == "anki" else exports.load(name).export
        path = html / downloads.FOLDER / f"{downloads.NAME}{ending}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(export(items, bank).content)
    downloads.seal(html)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m quizzes.site.exports", description=__doc__)
    parser.add_argument("html", type=Path, help="the folder of the built site")
    parser.add_argument(
        "--site", default="", metavar="ADDRESS", help="where it will be published, as in https://example.org/"
    )
    asked = parser.parse_args()
    main(asked.html.resolve(), asked.site)
