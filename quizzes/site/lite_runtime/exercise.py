"""Runs in Pyodide: does once all that a practice notebook does, to find what it loads and whether that is enough."""

from __future__ import annotations

import json
from typing import Any

CELLS = (
    "from quizzes import Quiz\nquiz = Quiz(draw=6, kind='classify', seed=23)\nquiz",
    "Quiz(draw=2, kind='classify', seed=31, evidence=True)",
    "quiz.responses = {name: {'class': 'project'} for name in quiz.marks}\nprint(quiz, quiz.marks)",
    "import csv, datetime, math, random, statistics",
)
FAULTY = ("1 / 0", "import nothing_of_this_name", "x = (", "Quiz('nothing')", "%pip install nothing")


def _connect(kernel: Any) -> list[Any]:
    """Stand in for the worker's side of a kernel; return the list that its messages go to."""
    sent: list[Any] = []
    shell = kernel.interpreter
    kernel._parent_header = {"header": {}}  # noqa: SLF001  as the worker does it
    shell.send_comm = lambda *message: sent.append(message)
    shell.displayhook.publish_execution_result = lambda *message: sent.append(message)
    shell.display_pub.display_data_callback = lambda *message: sent.append(message)
    shell.display_pub.update_display_data_callback = lambda *message: sent.append(message)
    shell.display_pub.clear_output_callback = lambda *message: sent.append(message)
    return sent


def _click(kernel: Any, sent: list[Any]) -> None:
    """Answer as the page does: with a message to the widget that was opened last."""
    opened = [message for message in sent if message[0] == "comm_open"][-1]
    content = {"comm_id": opened[1]["comm_id"], "data": {"method": "update", "state": {"checked": {}}}}
    kernel.comm_manager.comm_msg(None, None, {"content": content, "buffers": []})


async def run() -> None:
    """Run the cells, answer, fail in the usual ways, and ask for help; raises AssertionError where a cell fails."""
    import piplite.piplite  # noqa: PLC0415  what the worker imports, in its order

    await piplite.install("ipython", keep_going=True)
    import pyodide_kernel  # noqa: PLC0415

    kernel = pyodide_kernel.kernel_instance
    sent = _connect(kernel)
    for cell in CELLS:
        told = await kernel.run(cell)
        if told["status"] != "ok":
            raise AssertionError(f"{cell}: {told['ename']}: {told['evalue']}")
    _click(kernel, sent)
    for cell in FAULTY:
        if (await kernel.run(cell))["status"] == "ok":
            raise AssertionError(f"{cell}: went well")
    kernel.complete("quiz.mar", 8)
    kernel.inspect("quiz", 4, 0)
    kernel.is_complete("for each in quiz.marks:")
    json.dumps(kernel.comm_info())
