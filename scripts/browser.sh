#!/usr/bin/env bash
# Prints the path of a Chromium for the browser tests: the system's own, else Debian's package when we are root, else
# Playwright's. Prints nothing and exits with 1 when there is none; what was tried goes to standard error. Its shell
# without windows comes first: the same engine, at a third of the processor's time for a page. "full" asks for the
# whole browser, with a profile as an advocate has it.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

wanted=(chromium chromium-browser google-chrome google-chrome-stable)
[ "${1:-}" = full ] || wanted=(chromium-headless-shell "${wanted[@]}")

on_path() {
  local name
  for name in ${PORCHLIGHT_CHROMIUM:-} "$@"; do
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

on_path "${wanted[0]}" && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing ${wanted[0]} from the system's packages ..." >&2
  { DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${wanted[0]}" ||
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${wanted[0]}"; }
  } >/dev/null 2>&1
fi
on_path "${wanted[@]}" && exit 0
path=$(from_playwright)
if [ -z "$path" ]; then
  echo "fetching Playwright's Chromium ..." >&2
  .venv/bin/python -m playwright install chromium >/dev/null 2>&1
  path=$(from_playwright)
fi
if [ -n "$path" ] && "$path" --version >/dev/null 2>&1; then printf '%s\n' "$path"; exit 0; fi
echo "no Chromium: browser tests will be left out. Install chromium, or set PORCHLIGHT_CHROMIUM to one." >&2
exit 1
