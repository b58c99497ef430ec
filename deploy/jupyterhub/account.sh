#!/bin/sh
# Accounts of the container, which are made anew at each start from the list beside the course:
#   account add NAME learner|grader     asks for a password on standard input
#   account remove NAME                 may not log in any more; the home stays
#   account restore                     makes all that the list names
set -eu

. "${POP_SITE:-/opt/project-or-operation/site.env}"
list=$POP_STATE/accounts

usage() {
    echo "account add NAME learner|grader, account remove NAME, or account restore" >&2
    exit 2
}

make_account() { # NAME ROLE HASH
    case $2 in learner) group=$POP_LEARNERS ;; grader) group=$POP_GRADERS ;; *) usage ;; esac
    if id "$1" >/dev/null 2>&1; then
        usermod --groups "$group" --password "$3" "$1"
    elif [ -d "/home/$1" ]; then # a container before this one made it: its files belong to this number
        useradd --no-create-home --uid "$(stat -c %u "/home/$1")" --shell /bin/bash --groups "$group" --password "$3" "$1"
    else
        useradd --create-home --key HOME_MODE=0700 --shell /bin/bash --groups "$group" --password "$3" "$1"
    fi
}

without() { # NAME
    [ ! -f "$list" ] || grep -v "^$1:" "$list" || true
}

keep() { # reads the list that is to be
    (umask 077 && cat >"$list.new")
    mv "$list.new" "$list"
}

case ${1:-} in
add)
    [ $# -eq 3 ] || usage
    case $2 in *[!a-z0-9-]* | [!a-z]* | '')
        echo "account: '$2': use lower-case letters, digits and '-', a letter first" >&2
        exit 1
        ;;
    esac
    case $3 in learner | grader) ;; *) usage ;; esac
    if [ "$2" = "$POP_COURSE_USER" ] || { id "$2" >/dev/null 2>&1 && [ ! -d "/home/$2" ]; }; then
        echo "account: '$2' is an account of the system: choose another name" >&2
        exit 1
    fi
    if [ -t 0 ]; then hash=$(openssl passwd -6); else hash=$(openssl passwd -6 -stdin); fi
    make_account "$2" "$3" "$hash"
    { without "$2"; echo "$2:$3:$hash"; } | keep
    echo "$2 may log in as a $3."
    ;;
remove)
    [ $# -eq 2 ] || usage
    grep -qs "^$2:" "$list" || { echo "account: '$2' is not in the list" >&2; exit 1; }
    without "$2" | keep
    usermod --lock --groups "" "$2"
    echo "$2 may not log in any more."
    ;;
restore)
    [ -f "$list" ] || exit 0
    while IFS=: read -r name role hash; do
        make_account "$name" "$role" "$hash"
    done <"$list"
    ;;
*) usage ;;
esac
