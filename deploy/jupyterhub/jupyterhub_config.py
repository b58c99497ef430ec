"""JupyterHub for one course: accounts of this machine, and the formgrader as a service for the graders."""

import os
from pathlib import Path

SITE_FILE = Path(os.environ.get("POP_SITE") or Path(__file__).with_name("site.env"))
LINES = [line.strip() for line in SITE_FILE.read_text(encoding="utf-8").splitlines()]
SITE = dict(line.split("=", 1) for line in LINES if line and not line.startswith("#"))
SOFTWARE, STATE, COURSE = Path(SITE["POP_SOFTWARE"]), Path(SITE["POP_STATE"]), SITE["POP_COURSE"]
FORMGRADERS = f"formgrade-{COURSE}"  # nbgrader expects this form of name
HUB_GROUPS = {SITE["POP_GRADERS"]: FORMGRADERS, SITE["POP_LEARNERS"]: f"nbgrader-{COURSE}"}

c = get_config()  # noqa: F821  JupyterHub provides it

# Everything listens on this machine only: HTTPS stands in front.
c.JupyterHub.bind_url = f"http://127.0.0.1:{SITE['POP_PORT']}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{SITE['POP_HUB_PORT']}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{SITE['POP_PROXY_API_PORT']}"
c.ConfigurableHTTPProxy.command = [str(SOFTWARE / "proxy/node_modules/.bin/configurable-http-proxy")]
c.ConfigurableHTTPProxy.pid_file = str(STATE / "hub/proxy.pid")
c.JupyterHub.db_url = f"sqlite:///{STATE}/hub/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = str(STATE / "hub/cookie_secret")
# Behind two proxies the hub takes its own address for plain HTTP; browsers except localhost from this.
c.JupyterHub.tornado_settings = {"cookie_options": {"secure": True}}

# Who may log in: accounts of this machine in one of two groups.
c.JupyterHub.authenticator_class = "course_accounts.CourseAccounts"
c.CourseAccounts.hub_groups = HUB_GROUPS
c.PAMAuthenticator.allowed_groups = {SITE["POP_LEARNERS"], SITE["POP_GRADERS"]}
c.PAMAuthenticator.open_sessions = False
c.Authenticator.manage_groups = True
c.Authenticator.auth_refresh_age = 60

# Each user's own server: the learners' environment, also for graders. Nothing of the course is in it.
c.Spawner.cmd = [str(SOFTWARE / "learner/bin/jupyterhub-singleuser")]
c.Spawner.default_url = "/lab"
c.Spawner.notebook_dir = "~"
c.Spawner.ip = "127.0.0.1"
# A class logs in within a minute, and each start reads thousands of files: JupyterHub's 30 s would refuse some of them.
c.Spawner.start_timeout = 180
c.Spawner.http_timeout = 180
c.Spawner.environment = {"PATH": f"{SOFTWARE}/learner/bin:/usr/local/bin:/usr/bin:/bin"}
c.JupyterHub.active_server_limit = 200
c.JupyterHub.concurrent_spawn_limit = 20

# Graders alone may open the formgrader; the culler stops servers that nobody has used for an hour.
c.JupyterHub.load_roles = [
    {
        "name": FORMGRADERS,
        "groups": [FORMGRADERS],
        "scopes": [f"access:services!service={COURSE}", "list:services", f"read:services!service={COURSE}"],
    },
    {
        "name": "idle-culler",
        "services": ["idle-culler"],
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
    },
]
c.JupyterHub.services = [
    {
        "name": COURSE,
        # Started by formgrader.sh, not by the hub, which ends where a service of its own is not up within ten seconds.
        "url": f"http://127.0.0.1:{SITE['POP_FORMGRADER_PORT']}",
        "api_token": (STATE / "teacher/hub-token").read_text(encoding="utf-8").strip(),
        "oauth_no_confirm": True,
    },
    {
        "name": "idle-culler",
        "command": [str(SOFTWARE / "hub/bin/python"), "-m", "jupyterhub_idle_culler", "--timeout=3600"],
    },
]
