# Read by ../run and ../check: sets up .venv from a lock file, and the libraries that Qt links to.
# $root is the checkout. What is said goes to standard error: standard output is the program's.
# shellcheck shell=sh disable=SC2154

python=$root/.venv/bin/python
# The program runs from the checkout, wherever it is started from.
export PYTHONPATH="$root${PYTHONPATH:+:$PYTHONPATH}"

# Qt's libraries on Debian 12: without a screen, then for a real window.
qt_packages="libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0 fonts-dejavu-core
    libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0
    libxkbcommon-x11-0"

say() {
    echo "$*" >&2
}

# set_up LOCK: .venv holds what the lock file names; a copy of the lock in it is the stamp.
set_up() {
    if ! "$python" -c '' 2>/dev/null; then
        make_venv
    fi
    if ! cmp -s "$root/$1" "$root/.venv/$1"; then
        say "Installing what $1 names into .venv (once)…"
        "$python" -m pip install -qq --disable-pip-version-check --no-input \
            --require-hashes --requirement "$root/$1" >&2
        cp "$root/$1" "$root/.venv/$1"
    fi
}

make_venv() {
    if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        say "Python 3.11 or later is needed: apt-get install python3 python3-venv"
        exit 1
    fi
    if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
        install_packages python3-venv
    fi
    python3 -m venv --clear "$root/.venv" >&2
}

# need_qt: the window's libraries are here, or are installed, or it is said how.
need_qt() {
    if ! "$python" -c 'import PySide6.QtWidgets' 2>/dev/null; then
        # shellcheck disable=SC2086  # one word per package
        install_packages $qt_packages
        "$python" -c 'import PySide6.QtWidgets'
    fi
}

# install_packages NAME…: as root on Debian; otherwise says the line and stops.
install_packages() {
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "Installing Debian packages: $*"
        apt-get update -qq >&2
        DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >&2
    else
        say "System packages are missing. On Debian or Ubuntu, run once:"
        say "  sudo apt-get install $*"
        exit 1
    fi
}
