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
for tool in chromium curl dbus-daemon gajim gdbus node npm openssl profanity tmux turnutils_uclient Xvfb "$server"; do command -v "$tool" >/dev/null || missing+=("$tool"); done
/usr/bin/python3 -c 'import aiohttp, slixmpp' 2>/dev/null || missing+=("python3-aiohttp python3-slixmpp")
[ ${#missing[@]} -eq 0 ] || stop "missing ${missing[*]} (KITH names the program, packages the packages, Node 20 comes besides)"

for folder in . omemo; do
  if [ ! -e $folder/node_modules/.package-lock.json ] || [ $folder/package-lock.json -nt $folder/node_modules/.package-lock.json ]; then
    (cd $folder && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null) || stop "npm ci failed"
  fi
done

# The scenarios, and the walks in a browser, which only Kith has pages for. `walk:` as the first word is for walks alone.
logs=$(mktemp -d) status=0 child=''
trap 'rm -rf "$logs"' EXIT
trap 'kill -TERM "$child" 2>/dev/null; wait "$child"; exit 143' INT TERM HUP

# In the background and by way of a file, so that signals are heard.
part() {
  local log
  log=$(mktemp -p "$logs")
  timeout --kill-after=30 "${INTEROP_SECONDS:-600}" "$@" >"$log" 2>&1 &
  child=$!
  tail -n +1 -s 0.1 --pid=$child -f "$log" &
  wait "$child" || status=1
  wait $!
}

[ "${1-}" = walk: ] || part /usr/bin/python3 -B -W ignore -m interop "$@"
if [ "$server" != prosody ] && { [ $# -eq 0 ] || [ "$1" = walk: ]; }; then part node walks/run.mjs "$@"; fi
awk '/^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ { p += $1; f += $3; s += $5 }
  END {
    if (p + f + s == 0) { print "not ok there is something of that name"; f = 1 }
    printf "%d passed, %d failed, %d skipped\n", p, f, s
    exit f > 0
  }' "$logs"/* || status=1
exit $status
