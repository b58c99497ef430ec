"""Show items as a learner meets them while their author writes: a page on this computer that follows the bank's files.

Nothing is kept: each request reads the bank anew, so that the page shows what is saved, or the faults of it.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from markupsafe import Markup

from quizzes.bank import Bank
from quizzes.choosing import SelectionError
from quizzes.items import AnyItem
from quizzes.loading import BUILT_IN, BankError, read_bank
from quizzes.nearest import nearest
from quizzes.records import file_state
from quizzes.render import answer_view, environment, render_practice

FRONTEND = Path(__file__).with_name("frontend")
HOST = "127.0.0.1"
PORT = 8001
FILES = {"/quiz.css": "quiz.css", "/quiz.mjs": "quiz.mjs", "/author/preview.mjs": "author/preview.mjs"}
TYPES = {".css": "text/css", ".mjs": "text/javascript", ".html": "text/html"}
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def chosen(bank: Bank, names: Iterable[str]) -> list[AnyItem]:
    """Return the items with these ids and those of whole families, in the order given and each once.

    Raises SelectionError with the nearest names for one that is neither.
    """
    items: dict[str, AnyItem] = {}
    for name in names:
        found = [item for item in bank.items.values() if name in (item.id, item.family)]
        if not found:
            known = dict.fromkeys(each for item in bank.items.values() for each in (item.family, item.id))
            near = " or ".join(f"'{each}'" for each in sorted(nearest(name, known, 3)))
            mend = f"did you mean {near}?" if near else "`python -m quizzes list` shows the ids"
            raise SelectionError(f"'{name}' is no item and no family of the bank: {mend}")
        items.update({item.id: item for item in found})
    return list(items.values())


def state(roots: Iterable[Path]) -> str:
    """Return a digest that changes with any file of the bank folders."""
    paths = (path for root in roots for path in sorted(Path(root).rglob("*.yaml")))
    return hashlib.sha256(repr(file_state(paths)).encode()).hexdigest()[:16]


def _view(item: AnyItem, bank: Bank) -> dict[str, Any]:
    return {
        "item": item,
        "asked": Markup(render_practice([item], bank, evidence=True)),  # noqa: S704  escaped as it was made
        "key": [(part.name, ", ".join(part.key)) for part in item.parts()],
        "answer": answer_view(item, bank),
    }


def page(roots: Sequence[Path], names: Sequence[str]) -> str:
    """Return the page of the named items as they are on disk, or of the bank's faults."""
    now, views, faults = state(roots), list[dict[str, Any]](), list[str]()
    try:
        bank = read_bank(roots)
        views = [_view(item, bank) for item in chosen(bank, names)]
    except BankError as error:
        faults = [str(fault) for fault in error.faults]
    except SelectionError as error:
        faults = [str(error)]
    template = environment().get_template("preview.html.jinja")
    return template.render(state=now, title=" ".join(names), views=views, faults=faults)


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, *given: Any, roots: Sequence[Path], names: Sequence[str]) -> None:
        self.roots, self.names = roots, names
        super().__init__(*given)

    def do_GET(self) -> None:
        """Answer with the page, its files, or the digest that the page asks for."""
        path = self.path.partition("?")[0]
        if self.headers.get("Host", "").rpartition(":")[0] not in (HOST, "localhost"):
            self.send_error(HTTPStatus.FORBIDDEN)  # a name of somebody else's that leads here would read the keys
        elif path == "/":
            self._send(page(self.roots, self.names), ".html")
        elif path == "/state":
            self._send(state(self.roots), "")
        elif path in FILES:
            self._send((FRONTEND / FILES[path]).read_text(encoding="utf-8"), Path(path).suffix)
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _send(self, text: str, suffix: str) -> None:
        content = text.encode()
        self.send_response(HTTPStatus.OK)
        kind = {"Content-Type": f"{TYPES.get(suffix, 'text/plain')}; charset=utf-8"}
        for name, value in {**HEADERS, **kind, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Leave the terminal to the author."""


class Server(ThreadingHTTPServer):
    """The page's server, on this computer alone; raises OSError where the port is taken."""

    allow_reuse_address = os.name != "nt"  # Windows would give two programs one port

    def __init__(self, roots: Sequence[Path], names: Sequence[str], port: int) -> None:
        """Take the port, or a free one where it is 0."""
        super().__init__((HOST, port), partial(_Handler, roots=roots, names=names))

    @property
    def address(self) -> str:
        """Return where a browser finds the page."""
        return f"http://{HOST}:{self.server_address[1]}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that went away."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def serve(private: Sequence[Path], names: Sequence[str], port: int) -> int:
    """Show the named items until the author ends it; return the exit code. Raises SelectionError for unknown names."""
    roots = (BUILT_IN, *private)
    with suppress(BankError):  # the page tells the faults, and follows their mending
        chosen(read_bank(roots), names)
    try:
        server = Server(roots, names, port)
    except OSError as error:
        print(f"port {port} cannot be used: {error.strerror}: give another one with --port", file=sys.stderr)
        return 1
    with server:
        print(f"{server.address} shows {', '.join(names)}; Ctrl+C ends it", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0
