"""A loopback server that compresses as a static host does; `python -m benchmarks.site.server FOLDER` runs it alone."""

from __future__ import annotations

import functools
import gzip
import http.server
import mimetypes
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LEVEL = 6
TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".webmanifest": "application/manifest+json"}
COMPRESSED = ("text/", "application/json", "application/manifest+json", "image/svg+xml", "application/xml")


def content_type(path: Path) -> str:
    """Return the media type of a file by its ending."""
    return TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"


@functools.cache
def _squeezed(path: Path) -> bytes:
    """Return a file compressed, once a server's life: the processor is for the browser."""
    return gzip.compress(path.read_bytes(), LEVEL, mtime=0)


def wire_bytes(path: Path) -> int:
    """Return how many bytes a file's content takes over the wire."""
    return len(_squeezed(path)) if content_type(path).startswith(COMPRESSED) else path.stat().st_size


class _Host(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections are kept, as static hosts keep them
    disable_nagle_algorithm = True
    timeout = 30

    def do_GET(self) -> None:
        """Answer with the file, compressed where its type and the browser allow."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Answer with the headers of the file alone."""
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        squeeze = "gzip" in self.headers.get("Accept-Encoding", "") and content_type(path).startswith(COMPRESSED)
        body = _squeezed(path) if squeeze else path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", content_type(path))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        self.send_header("Vary", "Accept-Encoding")
        if squeeze:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body if with_body else b"")

    def log_message(self, *_: object) -> None:
        """Keep the benchmark's output clean."""


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing of a browser that was closed while it was served."""


def run(folder: str) -> None:
    """Serve a folder at a free port until the process ends; the first line printed is the address."""
    handler = functools.partial(_Host, directory=folder)
    with _Server(("127.0.0.1", 0), handler) as server:
        print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
        server.serve_forever()


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder from a process of its own; gives the address without a slash at the end."""
    command = [sys.executable, str(Path(__file__)), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603  our own server
        try:
            yield (server.stdout.readline() if server.stdout else "").strip()
        finally:
            server.terminate()


if __name__ == "__main__":
    run(sys.argv[1])
