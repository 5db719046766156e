#!/usr/bin/env bash
# Prints the path of promtool, which tests alarm rules as Prometheus reads them: the system's own, else the one of
# Debian's package, unpacked into this folder and not installed. Prints nothing and exits with 1 when there is none.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if command -v "${PORCHLIGHT_PROMTOOL:-promtool}"; then exit 0; fi
folder="$PWD/.uv/prometheus"
path="$folder/usr/bin/promtool"
if [ ! -x "$path" ] && command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null; then
  echo "fetching promtool from the system's packages ..." >&2
  mkdir -p "$folder"
  ( cd "$folder" && { apt-get download prometheus || { apt-get update && apt-get download prometheus; } } &&
    dpkg-deb -x prometheus_*.deb . && rm -f prometheus_*.deb ) >/dev/null 2>&1
fi
if [ -x "$path" ] && "$path" --version >/dev/null 2>&1; then printf '%s\n' "$path"; exit 0; fi
echo "no promtool: when alarms sound is left out of the tests. Install prometheus, or set PORCHLIGHT_PROMTOOL." >&2
exit 1
