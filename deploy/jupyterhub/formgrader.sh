#!/bin/sh
# The graders' JupyterLab with nbgrader's formgrader, as a service of the hub. Runs as the course's account.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "${POP_SITE:-$here/site.env}"

umask 077
cd "$POP_STATE/teacher/course"
export PATH="$POP_SOFTWARE/grader/bin:/usr/local/bin:/usr/bin:/bin"
export HOME="$POP_STATE/teacher"
export JUPYTERHUB_API_TOKEN="$(cat "$HOME/hub-token")"
export JUPYTERHUB_API_URL="http://127.0.0.1:$POP_HUB_PORT/hub/api"
export JUPYTERHUB_BASE_URL=/
export JUPYTERHUB_CLIENT_ID="service-$POP_COURSE"
export JUPYTERHUB_DEFAULT_URL=/formgrader
export JUPYTERHUB_OAUTH_ACCESS_SCOPES="[\"access:services!service=$POP_COURSE\"]"
export JUPYTERHUB_OAUTH_SCOPES="$JUPYTERHUB_OAUTH_ACCESS_SCOPES"
export JUPYTERHUB_SERVICE_NAME="$POP_COURSE"
export JUPYTERHUB_SERVICE_PREFIX="/services/$POP_COURSE/"
export JUPYTERHUB_SERVICE_URL="http://127.0.0.1:$POP_FORMGRADER_PORT"
exec "$POP_SOFTWARE/grader/bin/jupyterhub-singleuser"
