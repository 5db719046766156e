#!/usr/bin/env bash
# Prints the path of a Chromium for the browser tests: the system's own, else Debian's package when we are root, else
# Playwright's. Prints nothing and exits with 1 when there is none; what was tried goes to standard error. Where it can
# be had, Debian's shell of it without windows is installed beside it: the same engine, a page in a third of the time.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

on_path() {
  local name
  for name in ${PORCHLIGHT_CHROMIUM:-} chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null && "$name" --version >/dev/null 2>&1; then command -v "$name"; return; fi
  done
  return 1
}

from_playwright() {
  .venv/bin/python -c '
from pathlib import Path
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    path = Path(playwright.chromium.executable_path)
print(path if path.exists() else "", end="")' 2>/dev/null
}

install() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  echo "installing $1 from the system's packages ..." >&2
  { DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$1" ||
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$1"; }
  } >/dev/null 2>&1
}

on_path >/dev/null || install chromium
if on_path; then
  command -v chromium-headless-shell >/dev/null || install chromium-headless-shell
  exit 0
fi
path=$(from_playwright)
if [ -z "$path" ]; then
  echo "fetching Playwright's Chromium ..." >&2
  .venv/bin/python -m playwright install chromium >/dev/null 2>&1
  path=$(from_playwright)
fi
if [ -n "$path" ] && "$path" --version >/dev/null 2>&1; then printf '%s\n' "$path"; exit 0; fi
echo "no Chromium: browser tests will be left out. Install chromium, or set PORCHLIGHT_CHROMIUM to one." >&2
exit 1
