"""The learners' side of nbgrader's exchange. Their environment has no grader, so nothing of it may be imported here."""

from __future__ import annotations

from pathlib import Path

from nbgrader.exchange.default import ExchangeSubmit


class CarefulSubmit(ExchangeSubmit):
    """Hands in so that only the learner and the course's account can open it; nbgrader leaves it open to all."""

    def copy_files(self) -> None:
        """Close the folder once everything is in it: its group is that of inbound/, the course's own."""
        super().copy_files()
        folder = Path(self.inbound_path, self.assignment_filename)
        if folder.stat().st_gid == Path(self.inbound_path).stat().st_gid:
            folder.chmod(0o770)
