#!/bin/bash
# What the hub's container runs: it makes accounts, folders and the course, starts the three programs, and ends when one of them does.
set -euo pipefail

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. /opt/project-or-operation/site.env
teacher=$POP_STATE/teacher

for group in "$POP_LEARNERS" "$POP_GRADERS"; do
    getent group "$group" >/dev/null || groupadd "$group"
done
if ! id "$POP_COURSE_USER" >/dev/null 2>&1; then
    kept=()
    [ ! -d "$teacher" ] || kept=(--uid "$(stat -c %u "$teacher")") # its files belong to this number
    useradd --system --user-group "${kept[@]}" --home-dir "$teacher" --shell /usr/sbin/nologin "$POP_COURSE_USER"
fi
account restore
POP_ONLY_FILES=1 "$here/install.sh" /opt/project-or-operation/site.env

if [ ! -d "$teacher/course" ]; then
    as_course() { runuser -u "$POP_COURSE_USER" -- env -C "$teacher" "$@"; }
    as_course "$POP_SOFTWARE/grader/bin/python" -m grader init course
    as_course cp "$POP_SOFTWARE/course_nbgrader_config.py" course/nbgrader_config.py
fi

cd "$POP_STATE/hub"
PATH=$POP_SOFTWARE/hub/bin:$PATH jupyterhub -f "$POP_SOFTWARE/jupyterhub_config.py" &
runuser -u "$POP_COURSE_USER" -- "$POP_SOFTWARE/formgrader.sh" &
XDG_DATA_HOME=$POP_STATE/https caddy run --config "$here/Caddyfile" &
wait -n
