"""Accounts of this machine for JupyterHub, whose Unix groups decide within minutes who may do what."""

from __future__ import annotations

import grp
import os
import pwd
from typing import Any

from jupyterhub.auth import PAMAuthenticator
from traitlets import Dict


class CourseAccounts(PAMAuthenticator):
    """Logs in with the machine's passwords, and takes the hub's groups from the Unix groups of the account."""

    hub_groups = Dict(help="The hub's group that a Unix group gives.").tag(config=True)

    def groups_of(self, name: str) -> list[str]:
        """Return the hub's groups of an account as they are now; none where the account is gone."""
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            return []
        unix = {grp.getgrgid(number).gr_name for number in os.getgrouplist(name, account.pw_gid)}
        return [group for needed, group in self.hub_groups.items() if needed in unix]

    async def authenticate(self, handler: Any, data: dict[str, str]) -> dict[str, Any] | None:
        """Check the password; returns the account with its groups, or None."""
        name = await super().authenticate(handler, data)
        return {"name": name, "groups": self.groups_of(name)} if name else None

    async def refresh_user(self, user: Any, handler: Any = None) -> dict[str, Any] | bool:
        """Look at the groups again: an account without any has to log in, and cannot."""
        groups = self.groups_of(user.name)
        return {"name": user.name, "groups": groups} if groups else False
