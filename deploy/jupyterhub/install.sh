#!/bin/sh
# Install or upgrade the programs, and make the folders with their permissions. Run as root, from a checkout:
#   deploy/jupyterhub/install.sh [SITE_FILE]
# Running it again is the upgrade. With POP_ONLY_FILES=1 it leaves the programs as they are, which takes a second.
# It makes no accounts and touches no data.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
site=${1:-$here/site.env}
python=${PYTHON:-python3}
. "$site"

umask 022
mkdir -p "$POP_SOFTWARE"
[ "$site" = "$POP_SOFTWARE/site.env" ] || install -m 644 "$site" "$POP_SOFTWARE/site.env"

if [ -z "${POP_ONLY_FILES:-}" ]; then
    # Programs. The hub, the learners and the graders each have an environment of their own.
    for each in hub learner grader; do
        [ -x "$POP_SOFTWARE/$each/bin/python" ] || "$python" -m venv "$POP_SOFTWARE/$each"
    done
    "$POP_SOFTWARE/hub/bin/python" -m pip install -q --upgrade -r "$here/requirements-hub.txt"
    "$POP_SOFTWARE/learner/bin/python" -m pip install -q --upgrade "$here/../..[lab]" -r "$here/requirements-server.txt"
    "$POP_SOFTWARE/grader/bin/python" -m pip install -q --upgrade "$here/../..[lab,grader]" \
        -r "$here/requirements-server.txt" 'psycopg[binary]>=3.2'
    npm install --silent --no-fund --no-audit --prefix "$POP_SOFTWARE/proxy" 'configurable-http-proxy@^5'

    # Learners get the list of assignments; what is for graders is out of their sight.
    learner=$POP_SOFTWARE/learner
    rm -rf "$learner"/lib/python3*/site-packages/grader
    for each in formgrader course_list; do
        "$learner/bin/jupyter" server extension disable --sys-prefix "nbgrader.server_extensions.$each"
    done
    for each in formgrader course-list create-assignment; do
        "$learner/bin/jupyter" labextension disable --level=sys_prefix "@jupyter/nbgrader:$each"
    done
    # JupyterLab's news are asked for on the network.
    for each in learner grader; do
        "$POP_SOFTWARE/$each/bin/jupyter" labextension disable --level=sys_prefix \
            "@jupyterlab/apputils-extension:announcements"
    done
fi

# Configuration.
for each in learner grader; do
    mkdir -p "$POP_SOFTWARE/$each/etc/jupyter"
    # A terminal is no login shell: that would take the environment's programs out of its PATH.
    install -m 644 "$here/nbgrader_config.py" "$here/jupyter_server_config.json" "$POP_SOFTWARE/$each/etc/jupyter/"
    install -m 644 "$here/careful_submit.py" "$POP_SOFTWARE/$each"/lib/python3*/site-packages/
done
install -m 644 "$here/careful_exchange.py" "$POP_SOFTWARE"/grader/lib/python3*/site-packages/
install -m 644 "$here/course_accounts.py" "$POP_SOFTWARE"/hub/lib/python3*/site-packages/
install -m 644 "$here/jupyterhub_config.py" "$here/course_nbgrader_config.py" "$POP_SOFTWARE/"
install -m 755 "$here/formgrader.sh" "$POP_SOFTWARE/"

# Folders. They need the accounts: where those are missing, run this again once they are made.
mkdir -p "$POP_STATE"
install -d -m 700 "$POP_STATE/hub"
install -d -m 1777 "$POP_STATE/exchange"
if id "$POP_COURSE_USER" >/dev/null 2>&1; then
    group=$(id -gn "$POP_COURSE_USER")
    install -d -m 700 -o "$POP_COURSE_USER" -g "$group" "$POP_STATE/teacher"
    if [ ! -s "$POP_STATE/teacher/hub-token" ]; then
        (umask 077 && "$python" -c 'import secrets; print(secrets.token_hex(32))' >"$POP_STATE/teacher/hub-token")
        chown "$POP_COURSE_USER" "$POP_STATE/teacher/hub-token"
    fi
    install -d -m 755 -o "$POP_COURSE_USER" -g "$group" "$POP_STATE/exchange/$POP_COURSE"
    install -d -m 3733 -o "$POP_COURSE_USER" -g "$group" "$POP_STATE/exchange/$POP_COURSE/inbound"
else
    echo "No account $POP_COURSE_USER yet: make it, then run this again." >&2
fi
