#!/usr/bin/env bash
# Makes .venv from requirements.lock and this checkout; run by make, which passes PYTHON and READY (the stamp to leave).
set -euo pipefail

cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
ready=${READY:?run this through make}

say() { printf 'set-up: %s\n' "$*"; }
stop() { printf 'set-up: %s\n' "$*" >&2; exit 1; }
at_least_311() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# Installs Debian packages where this account may, and fails where it may not.
install() {
  local as=()
  command -v apt-get >/dev/null || return 1
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || return 1
    as=(sudo -n)
  fi
  say "installing $*"
  "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null 2>&1 && return
  "${as[@]}" apt-get update -qq >/dev/null 2>&1 || true
  "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null
}

# Python's own settings from outside would leak into the environment that is made here.
unset PYTHONHOME PYTHONPATH PYTHONSTARTUP VIRTUAL_ENV

if ! at_least_311 "$python"; then
  for newer in python3.14 python3.13 python3.12 python3.11; do
    if at_least_311 "$newer"; then python=$newer; break; fi
  done
  at_least_311 "$python" || stop "Python 3.11 or newer is needed; name one with: make PYTHON=/path/to/python3.11"
fi

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  install python3-venv || true
  "$python" -c 'import ensurepip, venv' 2>/dev/null ||
    stop "Python's venv module is missing; as root: apt-get install python3-venv"
fi

# Qt loads these at run time; asked for by the name it loads, since package names differ between distributions.
missing_libraries() {
  [ "$(uname -s)" = Linux ] || return 0
  "$python" - <<'PY'
import ctypes

PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
}


def loads(name):
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


print(*(package for name, package in PACKAGES.items() if not loads(name)))
PY
}

missing=$(missing_libraries)
if [ -n "$missing" ]; then
  # shellcheck disable=SC2086  # one word a package
  install $missing || true
  missing=$(missing_libraries)
fi

if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
  say "making .venv with $("$python" --version)"
  rm -rf .venv
  "$python" -m venv .venv
fi

# Settings of this machine's pip that would put the packages elsewhere, or bar what the lock names, do not count here.
unset PIP_TARGET PIP_PREFIX PIP_ROOT PIP_PYTHON PIP_DRY_RUN PIP_REQUIREMENT PIP_EDITABLE PIP_NO_BINARY PIP_REPORT
export PIP_USER=0 PIP_CONSTRAINT=/dev/null PIP_BUILD_CONSTRAINT=/dev/null PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

rm -f .venv/ready-*
say "installing the locked packages into .venv (the first time takes a minute or two)"
.venv/bin/python -m pip install -qq --require-hashes --only-binary :all: --requirement requirements.lock
.venv/bin/python -m pip install -qq --no-index --no-deps --no-build-isolation --editable .

if [ -n "$missing" ]; then
  say "the window and its tests need system libraries; as root: apt-get install $missing" >&2
else
  touch "$ready"
fi
say "ready"
