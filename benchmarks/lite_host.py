"""A loopback host that compresses as a static host does, and keeps count of what it sent."""

from __future__ import annotations

import functools
import gzip
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.site.server import COMPRESSED, LEVEL, content_type

SQUEEZED = (*COMPRESSED, "application/wasm", "application/javascript")


@functools.cache
def _body(path: Path) -> tuple[bytes, bool]:
    """Return what is sent of a file, and whether it is compressed."""
    squeeze = content_type(path).startswith(SQUEEZED)
    content = path.read_bytes()
    return (gzip.compress(content, LEVEL, mtime=0), True) if squeeze else (content, False)


@dataclass
class Sent:
    """What a host has sent: paths with the bytes of their content and headers, in order."""

    files: list[tuple[str, int]] = field(default_factory=list)

    @property
    def bytes(self) -> int:
        """Return how many bytes were sent in all."""
        return sum(size for _, size in self.files)

    @property
    def paths(self) -> list[str]:
        """Return the paths that were sent, each once."""
        return sorted({path for path, _ in self.files})


class _Host(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 30

    def __init__(self, *arguments: Any, sent: Sent, **options: Any) -> None:
        self._sent = sent
        super().__init__(*arguments, **options)

    def do_GET(self) -> None:
        """Answer with the file, compressed where its type allows."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        body, squeezed = _body(path)
        self.send_response(200)
        self.send_header("Content-Type", content_type(path))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        if squeezed:
            self.send_header("Content-Encoding", "gzip")
        self._sent.files.append((path.relative_to(self.directory).as_posix(), len(body) + self._size_of_headers()))
        self.end_headers()
        self.wfile.write(body)

    def _size_of_headers(self) -> int:
        return len(b"".join(self._headers_buffer)) + 2  # type: ignore[attr-defined]

    def log_message(self, *_: object) -> None:
        """Keep the benchmark's output clean."""


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing of a browser that was closed while it was served."""


@contextmanager
def host(folder: Path) -> Iterator[tuple[str, Sent]]:
    """Serve a folder; gives its address without a slash at the end, and what is sent from it."""
    sent = Sent()
    for path in folder.rglob("*"):
        if path.is_file() and path.stat().st_size > 100_000:
            _body(path)  # compressed before anything is timed
    handler = functools.partial(_Host, directory=str(folder), sent=sent)
    with _Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", sent
        finally:
            server.shutdown()
