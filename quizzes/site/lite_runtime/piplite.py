"""Stands in for piplite, which JupyterLite's kernel asks for packages: all that the notebooks need is here already.

The kernel waits for `install` before it runs anything, so answers that this browser keeps are brought back there.
"""

from __future__ import annotations

import asyncio
from typing import Any

import platformdirs
import pyodide_js
from pyodide.ffi import create_once_callable, to_js

_ready: list[bool] = []


async def _bring_back() -> None:
    """Have the folder of answers kept in IndexedDB; raises OSError where this browser keeps nothing."""
    folder, files = str(platformdirs.user_data_path("project-or-operation")), pyodide_js.FS
    files.mkdirTree(folder)
    files.mount(files.filesystems.IDBFS, to_js({"autoPersist": True}, dict_converter=_record), folder)
    done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    files.syncfs(True, create_once_callable(done.set_result))
    if error := await done:
        files.unmount(folder)
        raise OSError(str(error))


def _record(pairs: Any) -> Any:
    from js import Object  # noqa: PLC0415  not there under a type checker

    return Object.fromEntries(pairs)


async def install(*names: Any, **options: Any) -> None:
    """Install nothing; the first call brings back kept answers."""
    if _ready:
        return
    _ready.append(True)
    try:
        await _bring_back()
    except Exception as error:  # noqa: BLE001  of whatever kind: without kept answers the lab works all the same
        print(f"Answers are not kept: {error}")


async def get_transformed_code(arguments: list[str]) -> str:
    """Return what stands in place of a `%pip` line."""
    return "raise RuntimeError('Packages cannot be installed here: the lab comes with what the notebooks need.')"
