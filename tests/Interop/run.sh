#!/usr/bin/env bash
# Interop tests with real peers. KITH=path of the published program; or PEER=prosody to try the scenarios
# themselves on a known-good server. Arguments choose scenarios: words that their names contain.
set -u
cd "$(dirname "$0")" || exit 1

stop() {
  echo "not ok the peers are there: $*"
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
}

case ${PEER:-kith} in
  kith) server=${KITH:-kith} ;;
  prosody) server=prosody ;;
  *) stop "PEER is kith or prosody" ;;
esac
missing=()
for tool in chromium dbus-daemon gajim gdbus node npm openssl profanity tmux turnutils_uclient Xvfb "$server"; do command -v "$tool" >/dev/null || missing+=("$tool"); done
/usr/bin/python3 -c 'import aiohttp, slixmpp' 2>/dev/null || missing+=("python3-aiohttp python3-slixmpp")
[ ${#missing[@]} -eq 0 ] || stop "missing ${missing[*]} (KITH names the program, packages the packages, Node 20 comes besides)"

if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --no-audit --no-fund --loglevel=error >/dev/null || stop "npm ci failed"
fi
exec timeout --kill-after=30 "${INTEROP_SECONDS:-600}" /usr/bin/python3 -B -W ignore -m interop "$@"
