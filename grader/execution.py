"""Run the learners' code of cells that have tests: only where the instructor asks for it, and fenced in.

nbgrader's own Execute runs it, in a kernel of its own for each submission. In the sandbox, which bubblewrap makes, the
kernel has no network, sees neither the course nor anybody's files, and dies with this process. Its answers earn what
the tests say, and its output reaches pages as plain text only.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode, v4
from nbgrader.preprocessors import Execute
from traitlets import Unicode
from traitlets.config import Config

from grader.rebuild import Notebook, cell_id

OUTPUT_LIMIT = 100_000  # characters that a submission's cells may print
SECONDS = 30  # for each cell
PROCESSOR_SECONDS = 60  # for a submission
MEMORY = 2_000_000_000  # bytes of address space, of which Python and its kernel take half
PROCESSES = 64
NOBODY = 65534
SCRATCH = "/tmp"  # noqa: S108  inside the sandbox, where it is empty
FILE_SIZE = 50_000_000  # bytes
SYSTEM = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/alternatives",
    "/etc/localtime",
)


class ExecutionError(Exception):
    """Code cannot be run as the plan asks; the message is one line."""


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def limited(command: list[str], *, as_nobody: bool = False) -> list[str]:
    """Return a command with limits on its time, memory, processes and files; root's rights are given up where asked."""
    limits = {"CPU": PROCESSOR_SECONDS, "AS": MEMORY, "NPROC": PROCESSES, "FSIZE": FILE_SIZE, "CORE": 0}
    lines = [f"os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})"] if as_nobody else []
    lines += [f"resource.setrlimit(resource.RLIMIT_{name}, ({value}, {value}))" for name, value in limits.items()]
    start = f"import os, resource, sys; {'; '.join(lines)}; os.execvp(sys.argv[1], sys.argv[1:])"
    return [sys.executable, "-I", "-c", start, *command]


def sandboxed(command: list[str], folder: Path) -> list[str]:
    """Return a command as bubblewrap runs it: the system and Python to read, one folder to write, and nothing else.

    Where root marks, the code becomes a user without rights, since no limit on processes binds root.
    """
    python = {sys.prefix, sys.base_prefix, str(Path(sys.executable).resolve().parent.parent)}
    above = sorted({str(parent) for path in python for parent in Path(path).parents} - {"/"})
    open_ways = [arg for path in above for arg in ("--perms", "0755", "--dir", path)]  # they may be closed outside
    readable = [arg for path in (*SYSTEM, *sorted(python)) for arg in ("--ro-bind-try", path, path)]
    root = _is_root()
    apart = [f"--unshare-{what}" for what in ("pid", "net", "ipc", "uts", "cgroup-try", *(() if root else ("user",)))]
    who = (
        ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"] if root else ["--uid", str(NOBODY), "--gid", str(NOBODY)]
    )
    if root:
        for path in (folder, *folder.iterdir()):
            os.chown(path, NOBODY, NOBODY)
    return [
        "bwrap", *apart, *who, "--die-with-parent", "--new-session", "--proc", "/proc", "--dev", "/dev",
        "--tmpfs", SCRATCH, *open_ways, *readable, "--bind", str(folder), str(folder), "--chdir", str(folder),
        "--clearenv", "--setenv", "PATH", os.defpath, "--setenv", "HOME", str(folder), "--setenv", "LANG", "C.UTF-8",
        "--setenv", "IPYTHONDIR", str(folder / "ipython"), "--", *limited(command, as_nobody=root),
    ]  # fmt: skip


class _Run(Execute):
    """nbgrader's Execute, with the kernel's command fenced in and a limit on what is kept of its output."""

    folder = Unicode()
    left = OUTPUT_LIMIT

    def create_kernel_manager(self) -> Any:
        """Return a kernel manager that starts the kernel inside the fence."""
        manager = super().create_kernel_manager()
        plain = manager.format_kernel_cmd
        fence = partial(sandboxed, folder=Path(self.folder)) if self.folder else limited
        manager.format_kernel_cmd = lambda *given, **named: fence(plain(*given, **named))
        return manager

    def output(self, outs: list[NotebookNode], msg: Any, display_id: str, cell_index: int) -> NotebookNode | None:
        """Keep an output while there is room; past that the cell counts as failed."""
        self.left -= len(str(msg["content"]))
        if self.left > 0:
            return super().output(outs, msg, display_id, cell_index)
        if not outs or outs[-1].get("ename") != "OutputLimit":
            text = f"more than {OUTPUT_LIMIT:,} characters of output"
            outs.append(v4.new_output("error", ename="OutputLimit", evalue=text, traceback=[text]))
        return None


def check_sandbox() -> None:
    """Raise ExecutionError where there is no bubblewrap."""
    if not shutil.which("bwrap"):
        raise ExecutionError(
            "execute: sandbox needs bubblewrap, which is not installed: install it, or write execute: never"
        )


def execute(notebook: Notebook, tests: Mapping[str, str], *, sandbox: bool) -> None:
    """Run the cells with learners' code and their tests, and put plain outputs into the notebook's test cells.

    Raises ExecutionError where the sandbox is not to be had. Whatever the code does ends as an error in its cells.
    """
    if sandbox:
        check_sandbox()
    answers = {name.removesuffix("-tests") for name in tests}
    cells = [cell for cell in notebook["cells"] if cell_id(cell) in tests or cell_id(cell) in answers]
    run = [v4.new_code_cell(tests.get(cell_id(cell), cell["source"])) for cell in cells]
    _run(v4.new_notebook(cells=run), sandbox)
    for cell, done in zip(cells, run, strict=True):
        cell["outputs"] = [plain for output in done.outputs if (plain := _plain(output, cell_id(cell) in tests))]


def _run(notebook: NotebookNode, sandbox: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="grader-") as name:
        config = Config()
        config.KernelManager.transport, config.KernelManager.ip = "ipc", str(Path(name) / "socket")
        config.KernelManager.connection_file = str(Path(name) / "kernel.json")
        client = _Run(config=config, folder=name if sandbox else "", timeout=SECONDS, kernel_name="python3")
        try:
            client.preprocess(notebook, {"metadata": {"path": name}})
        except (DeadKernelError, RuntimeError) as error:
            _note_end(notebook, f"the code ended its own kernel ({type(error).__name__})")


def _note_end(notebook: NotebookNode, text: str) -> None:
    """Fail every cell that has not run to its end."""
    for cell in notebook.cells:
        if cell.execution_count is None:
            cell.outputs.append(v4.new_output("error", ename="KernelEnded", evalue=text, traceback=[text]))


def _plain(output: NotebookNode, is_test: bool) -> dict[str, Any] | None:
    """Return an output as plain text; an error without its traceback, which would show the tests."""
    if output.output_type == "error":
        said = f"{output.ename}: {output.evalue}"
        return {"output_type": "error", "ename": output.ename, "evalue": output.evalue, "traceback": [said]}
    if output.output_type == "stream":
        return {"output_type": "stream", "name": output.name, "text": output.text}
    text = output.get("data", {}).get("text/plain")
    if text is None:
        return None
    data = {"output_type": output.output_type, "data": {"text/plain": text}, "metadata": {}}
    return {**data, "execution_count": None} if output.output_type == "execute_result" else data
