"""The trial that `deploy/jupyterhub/try.py` runs: what it makes, what people do with it, what must hold."""

import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(_ROOT / "tests"), str(_ROOT)]  # the tests' own helpers click and find a browser
