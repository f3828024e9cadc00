#!/usr/bin/env bash
# The web client's OMEMO with other people's: Debian's python3-oldmemo and python3-twomemo, and Converse.js's library in
# Chromium. Needs the packages in `packages` and Node 20; exits with 1 when a peer is missing.
set -u
cd "$(dirname "$0")" || exit 1

stop() {
  echo "not ok the peers are there: $*"
  exit 1
}

/usr/bin/python3 -c 'import oldmemo.etree, twomemo.etree' 2>/dev/null || stop "missing python3-oldmemo python3-twomemo python3-xmlschema"
[ -x /usr/bin/chromium ] || stop "missing chromium"
for folder in . ../../../src/web; do
  if [ ! -e $folder/node_modules/.package-lock.json ] || [ $folder/package-lock.json -nt $folder/node_modules/.package-lock.json ]; then
    (cd $folder && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null) || stop "npm ci failed"
  fi
done
cd ../../../src/web || exit 1
OMEMO_PEERS=1 exec npx vitest run tests/omemo/python.test.ts tests/omemo/converse.test.ts "$@"
