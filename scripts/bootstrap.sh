#!/usr/bin/env bash
# Brings uv and CPython 3.12 by whatever is there, then makes both environments from their hashed lock files.
# Does nothing that is done already. Every way of failing is one clear line and a non-zero exit.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
own=$root/.uv            # everything that we fetch for ourselves
log=$own/setup.log
needed_kilobytes=1500000

# What would send an installer elsewhere; where packages come from (indexes, certificates, proxies) stays as it is.
unset VIRTUAL_ENV CONDA_PREFIX PYTHONPATH PYTHONHOME PYTHONUSERBASE PYTHONSTARTUP PYTHONPLATLIBDIR \
  PIP_TARGET PIP_PREFIX PIP_ROOT PIP_USER PIP_REQUIRE_VIRTUALENV PIP_PYTHON PIP_DRY_RUN PIP_NO_BINARY PIP_ONLY_BINARY \
  PIP_REQUIRE_HASHES PIP_CONSTRAINT PIP_REQUIREMENT PIP_NO_DEPS PIP_LOG PIP_QUIET PIP_VERBOSE \
  UV_PYTHON UV_SYSTEM_PYTHON UV_TARGET UV_PREFIX UV_PROJECT_ENVIRONMENT UV_CONSTRAINT UV_OVERRIDE UV_EXCLUDE UV_RESOLUTION \
  UV_PRERELEASE UV_EXCLUDE_NEWER UV_NO_BINARY UV_ONLY_BINARY UV_BREAK_SYSTEM_PACKAGES UV_MANAGED_PYTHON UV_NO_MANAGED_PYTHON \
  UV_PROJECT UV_WORKING_DIRECTORY UV_PYTHON_PREFERENCE PYENV_VERSION 2>/dev/null || true
# Where the system trusts more than uv's own list (a company's proxy), it is right; an empty system list is not used.
if [ -s /etc/ssl/certs/ca-certificates.crt ] || [ -s /etc/pki/tls/certs/ca-bundle.crt ]; then
  export UV_SYSTEM_CERTS=${UV_SYSTEM_CERTS:-true} UV_NATIVE_TLS=${UV_NATIVE_TLS:-true}
fi
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 UV_NO_PROGRESS=1 PYTHONDONTWRITEBYTECODE=1

say() { printf '%s\n' "$*"; }
die() { printf 'setup: %s\n' "$*" >&2; exit 1; }

begin=1  # where in the log the last attempt begins
last_words() {  # the reason: the last attempt's last cause or error, not a hint below it
  local words
  words=$(tail -n "+$begin" "$log" 2>/dev/null | grep -v '^[[:space:]]*$' | sed 's/^[[:space:]]*//' | cut -c1-300 || true)
  { grep -iE '(cause|error)' <<<"$words" || printf '%s\n' "$words"; } | tail -n 1
}

# attempt COMMAND...: true if it succeeds; its words go to the log.
attempt() {
  begin=$(($(wc -l <"$log" || echo 0) + 2))
  { printf '$ %s\n' "$*"; "$@"; } >>"$log" 2>&1 </dev/null
}

# step WHAT COMMAND...: a progress line for something slow, and one line when it fails.
step() {
  local what=$1 began=$SECONDS; shift
  printf '%s ... ' "$what"
  if attempt "$@"; then say "done ($((SECONDS - began)) s)"; return; fi
  say failed
  if tail -n "+$begin" "$log" | grep -qi 'no space left'; then die "the disk is full; make room and run again"; fi
  die "$what failed: $(last_words) (all of it: $log)"
}

prepare_folder() {
  mkdir -p "$own" 2>/dev/null || die "cannot write to $root"
  : 2>/dev/null >"$log" || die "cannot write to $log; is the disk full?"
  if [ -z "${HOME:-}" ] || ! mkdir -p "$HOME/.cache" 2>/dev/null || ! [ -w "$HOME/.cache" ]; then
    export UV_CACHE_DIR=${UV_CACHE_DIR:-$own/cache} HOME=$own
  fi
  if command -v flock >/dev/null; then exec 9>"$own/lock"; flock 9; fi
}

check_space() {
  local free
  free=$(df -Pk "$root" | awk 'NR == 2 {print $4}')
  [ "${free:-0}" -ge "$needed_kilobytes" ] ||
    die "the disk is too full: $((${free:-0} / 1000)) MB are free here, the environments need $((needed_kilobytes / 1000)) MB"
}

# Every Python that may carry pip, the one on PATH first; a pyenv shim without a version behind it is no Python.
pythons() {
  local path
  for path in $(type -ap python3 python3.14 python3.13 python3.12 python3.11 python3.10 | awk '!seen[$0]++'); do
    if "$path" -c 'import sys; sys.exit(sys.version_info < (3, 8))' >/dev/null 2>&1; then printf '%s\n' "$path"; fi
  done
}

works() { [ -x "$1" ] && "$1" --version >/dev/null 2>&1; }

fetch_uv() {
  local python
  for python in $(pythons); do
    if attempt "$python" -m venv --clear "$own/venv" && attempt "$own/venv/bin/python" -m pip install uv; then return; fi
    rm -rf "$own/venv"
    if attempt "$python" -m pip install --upgrade --target "$own/packages" uv; then return; fi
  done
  command -v curl >/dev/null || return 0
  attempt curl -fsSL --max-time 120 -o "$own/install.sh" https://astral.sh/uv/install.sh || return 0
  attempt env UV_UNMANAGED_INSTALL="$own/bin" sh "$own/install.sh" || true
}

find_uv() {
  local path
  for path in "$(command -v uv || true)" "$own/venv/bin/uv" "$own/packages/bin/uv" "$own/bin/uv"; do
    if works "$path"; then uv=$path; return; fi
  done
  return 1
}

is_312() { [ -x "$1" ] && "$1" -c 'import sys, ssl, ctypes, zlib; sys.exit(sys.version_info[:2] != (3, 12))' >/dev/null 2>&1; }

find_python() {
  local path account
  account=$(getent passwd "$(id -u)" 2>/dev/null | cut -d: -f6 || true)
  # Asked in the project's folder: pyenv's shims look at .python-version, and fail without it.
  path=$(UV_PYTHON_DOWNLOADS=never "$uv" python find --system 3.12 2>>"$log" || true)
  for path in "$path" "$(command -v python3.12 || true)" "$own"/python/cpython-3.12*/bin/python3.12 \
    "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.12*/bin/python3.12 "${account:-/root}"/.pyenv/versions/3.12*/bin/python3.12 \
    /usr/local/bin/python3.12 /opt/*/bin/python3.12 /opt/homebrew/opt/python@3.12/bin/python3.12; do
    if is_312 "$path"; then python=$path; return; fi
  done
  return 1
}

stamp_of() {  # what an environment is made from: the lock, the way of making it, the interpreter
  "$python" -I -S -c '
import hashlib, sys
total = hashlib.sha256(sys.version.encode())
for name in sys.argv[1:]:
    total.update(open(name, "rb").read())
print(total.hexdigest())' "$@"
}

# make_environment WHAT FOLDER LOCK INPUTS...
make_environment() {
  local what=$1 folder=$2 lock=$3 stamp; shift 3
  [ -f "$lock" ] || die "$lock is missing: this is not a whole copy of Porchlight"
  stamp=$(stamp_of "$lock" "$@")
  if [ "$(cat "$folder/.stamp" 2>/dev/null)" = "$stamp" ] && is_312 "$folder/bin/python"; then return; fi
  check_space
  rm -f "$folder/.stamp"
  if ! is_312 "$folder/bin/python"; then
    rm -rf "$folder"
    step "making $what" "$uv" venv --quiet --no-project --python "$python" "$folder"
  fi
  step "installing $(grep -c '^[a-zA-Z0-9].*==' "$lock") packages into $what" \
    "$uv" pip sync --compile-bytecode --require-hashes --python "$folder/bin/python" "$lock"
  if [ "$folder" = .venv ]; then
    step "installing Porchlight itself" "$uv" pip install --python .venv/bin/python --no-deps --no-build-isolation -e .
  fi
  printf '%s\n' "$stamp" >"$folder/.stamp" || die "cannot write to $folder; is the disk full?"
}

prepare_folder
if ! find_uv; then
  printf 'fetching uv ... '
  fetch_uv
  if find_uv; then say done; else
    say failed
    [ -n "$(pythons)" ] || command -v curl >/dev/null || die "neither Python 3 with pip or venv nor curl is here; install one (Debian: apt install python3-venv)"
    die "uv could not be fetched: $(last_words) (all of it: $log)"
  fi
fi
if ! find_python; then
  printf 'fetching CPython 3.12 ... '
  attempt env UV_PYTHON_INSTALL_DIR="$own/python" "$uv" python install --no-bin 3.12 ||
    attempt env UV_PYTHON_INSTALL_DIR="$own/python" "$uv" python install 3.12 || true
  if find_python; then say done; else
    say failed
    die "CPython 3.12 is not here and could not be fetched: install python3.12, or run: pyenv install 3.12 (all of it: $log)"
  fi
fi
make_environment "the project's environment" .venv requirements.lock pyproject.toml
make_environment "Rasa's environment" bot/engine/.venv bot/engine/requirements.lock bot/engine/pyproject.toml
