#!/usr/bin/env bash
# Everything that Kith is tested by, in one command: installs what is missing, builds, runs the suites,
# cheap ones first, and stops at the first red one. The last line is "N passed, N failed, N skipped".
set -uo pipefail

usage() {
  cat <<'TEXT'
usage: tests/run.sh [--yes] [--long] [SUITE...] [-- RUNNER ARGUMENTS]

  SUITE   Protocol, Server, Kith, Interop, Web (all of them when none is named)
  --yes   also get Node from the distribution and the .NET SDK by Microsoft's script, where missing
          (CI=true means the same). Distribution packages that the tests need are always installed.
  --long  the long forms: a million mutated inputs, 200 crash rounds (KITH_LONG=1)

  tests/run.sh Protocol                        the inner loop
  tests/run.sh Server -- -class '*Carbons*'    arguments of the xunit runner
TEXT
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
logs=$root/artifacts/test-logs
passed=0 failed=0 skipped=0 child='' policy=''
yes=${CI:+--yes}
suites=() runner_arguments=()

main() {
  arguments "$@"
  cd "$root" || exit 1
  mkdir -p "$logs"
  trap finish EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  packages || stop "the packages above could not be installed"
  tools || stop "no tools to build with"
  for suite in "${suites[@]}"; do
    say "$suite"
    case $suite in
      Protocol | Server) xunit "$suite" ;;
      Kith) published && xunit Kith ;;
      Interop) published && script Interop tests/Interop/run.sh ;;
      Web) published && web ;;
    esac
    [ "$failed" -eq 0 ] || exit 1
  done
}

say() { printf '\n== %s\n' "$*"; }
fault() { printf 'tests/run.sh: %s\n' "$*" >&2; failed=$((failed + 1)); }
stop() { fault "$*"; exit 1; }

arguments() {
  while [ $# -gt 0 ]; do
    case $1 in
      --yes) yes=--yes ;;
      --long) export KITH_LONG=1 ;;
      -h | --help) usage; exit 0 ;;
      --) shift; runner_arguments=("$@"); break ;;
      Protocol | Server | Kith | Interop | Web) suites+=("$1") ;;
      *) printf "tests/run.sh: unknown argument '%s'\n" "$1" >&2; usage >&2; exit 2 ;;
    esac
    shift
  done
  [ ${#suites[@]} -gt 0 ] && return
  suites=(Protocol Server Kith)
  # Parts of the house that come later are tested from the day on which they exist.
  [ ! -e "$root/tests/Interop/run.sh" ] || suites+=(Interop)
  [ ! -e "$root/src/web/package.json" ] || suites+=(Web)
}

# The one way out: nothing that was started stays, and the last line is the sum.
finish() {
  local status=$?
  trap '' INT TERM HUP
  [ -z "$child" ] || { kill -TERM "$child" 2>/dev/null; wait "$child" 2>/dev/null; }
  restore_policy
  [ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
  printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  [ "$failed" -eq 0 ] || exit 1
}

# --- what the suites need ----------------------------------------------------------------------

wanted() {
  case $1 in
    Protocol) echo unicode-data bzip2 ;;
    Server) echo libsqlite3-0 ;;
    Kith) echo libsqlite3-0 openssl curl strace iproute2 bind9 bind9-utils unbound ;;
    Interop) grep -v '^#' "$root/tests/Interop/packages" ;;
    Web) grep -v '^#' "$root/tests/Interop/omemo/packages" ;;
  esac
}

packages() {
  local suite package missing=() node=no
  for suite in "${suites[@]}"; do
    case $suite in Interop | Web) node=yes ;; esac
    for package in $(wanted "$suite"); do
      [[ " ${missing[*]-} " == *" $package "* ]] || installed "$package" || missing+=("$package")
    done
  done
  if [ $node = yes ] && ! command -v npm >/dev/null; then
    [ -n "$yes" ] || { echo "Node with npm is missing; with --yes I get it from the distribution." >&2; return 1; }
    missing+=(nodejs npm)
  fi
  [ ${#missing[@]} -eq 0 ] && return
  if ! command -v apt-get >/dev/null; then
    echo "This is no Debian: see to it yourself that these are there: ${missing[*]}" >&2
    return 0
  fi
  echo "Installing from the distribution: ${missing[*]}"
  keep_daemons_down && apt_get update && apt_get install --no-install-recommends "${missing[@]}"
  local status=$?
  restore_policy
  return $status
}

installed() {
  command -v dpkg-query >/dev/null && [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
    echo "This needs root or sudo: $*" >&2
    return 1
  fi
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qy "$@" </dev/null >"$logs/apt.log" 2>&1 ||
    { cat "$logs/apt.log" >&2; return 1; }
}

# Packages start their daemons when they are installed, unless this file says no (101).
keep_daemons_down() {
  policy=/usr/sbin/policy-rc.d
  [ ! -e $policy ] || as_root mv $policy $policy.before-kith-tests || return 1
  printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null && as_root chmod 755 $policy
}

restore_policy() {
  [ -n "$policy" ] || return 0
  as_root rm -f "$policy"
  [ ! -e "$policy.before-kith-tests" ] || as_root mv "$policy.before-kith-tests" "$policy"
  policy=''
}

tools() {
  export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
  sh ./install.sh --tools ${yes:+"$yes"} || return 1
  # A shell cannot be given variables by its child: the same two steps as there.
  dotnet --version >/dev/null 2>&1 || export PATH="$HOME/.dotnet:$PATH" DOTNET_ROOT="$HOME/.dotnet"
  ldconfig -p 2>/dev/null | grep -q libicuuc || export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
}

# --- suites ------------------------------------------------------------------------------------

# run NAME COMMAND...: with a time limit, its output kept in a file and shown from there, so that a process
# that stays behind does not hold a pipe open. In the background, so that signals are heard.
run() {
  local log=$logs/$1.log limit=1200
  shift
  [ -z "${KITH_LONG-}" ] || limit=14400
  : >"$log"
  timeout -k 20 $limit "$@" </dev/null >"$log" 2>&1 &
  child=$!
  tail -n +1 -s 0.1 --pid=$child -f "$log" &
  wait "$child"
  local status=$? # of the suite, not of the viewer
  wait $!
  child=''
  [ $status -ne 124 ] || echo "It took longer than $limit s and was stopped." | tee -a "$log"
  return $status
}

# count NAME STATUS PASSED FAILED SKIPPED: into the sum; what broke off or ran nothing is a failure.
count() {
  passed=$((passed + $3)) failed=$((failed + $4)) skipped=$((skipped + $5))
  if [ "$2" -ne 0 ] && [ "$4" -eq 0 ]; then
    fault "$1 ended with exit code $2"
  elif [ $(($3 + $4)) -eq 0 ]; then
    fault "$1 ran no test"
  fi
}

xunit() {
  local project=tests/$1.Tests status total errors bad left
  run "$1-build" dotnet build "$project" -c Release -v q -clp:ErrorsOnly || { fault "$1 does not build"; return; }
  run "$1" dotnet "$project/bin/Release/net10.0/$1.Tests.dll" -noLogo -noColor "${runner_arguments[@]}"
  status=$?
  read -r total errors bad left < <(
    sed -nE 's/.*Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+).*/\1 \2 \3 \4/p' "$logs/$1.log" | tail -n 1)
  total=${total:-0} errors=${errors:-0} bad=${bad:-0} left=${left:-0}
  count "$1" $status $((total - bad - left)) $((bad + errors)) "$left"
}

# A suite that is a script ends with the same line as this one.
script() {
  local status good bad left
  [ -e "$2" ] || { fault "$2 does not exist"; return; }
  run "$1" bash "$2" "${runner_arguments[@]}"
  status=$?
  read -r good bad left < <(
    sed -nE 's/^([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped$/\1 \2 \3/p' "$logs/$1.log" | tail -n 1)
  count "$1" $status "${good:-0}" "${bad:-0}" "${left:-0}"
}

# vitest: "Tests  1 failed | 20 passed | 2 skipped (23)", parts of it missing.
web() {
  local status line
  [ -e src/web/package.json ] || { fault "src/web does not exist"; return; }
  run Web-install npm --prefix src/web ci --no-audit --no-fund || { fault "npm ci failed in src/web"; return; }
  run Web-peers npm --prefix tests/Interop/omemo ci --ignore-scripts --no-audit --no-fund || { fault "npm ci failed in tests/Interop/omemo"; return; }
  # With the peers of the encryption, which a plain `npm test` leaves out where they are missing.
  NO_COLOR=1 OMEMO_PEERS=1 run Web npm --prefix src/web test
  status=$?
  line=$(grep -E '^ *Tests  ' "$logs/Web.log" | tail -n 1)
  part() { grep -oE "[0-9]+ $1" <<<"$line" | grep -oE '[0-9]+' || echo 0; }
  count Web $status "$(part passed)" "$(part failed)" "$(part skipped)"
}

# The program as people get it, made once and looked at before Kith and Interop lean on it.
published() {
  [ -z "${KITH-}" ] || return 0
  local rid=linux-x64 target=$root/artifacts/publish
  [ "$(uname -m)" != aarch64 ] || rid=linux-arm64
  rm -rf "$target"
  run publish dotnet publish src/Kith -c Release -r $rid -o "$target" -v q -clp:ErrorsOnly || { fault "the program cannot be published"; return 1; }
  "$target/kith" version || { fault "the published program does not start"; return 1; }
  echo "published: $(du -h --apparent-size "$target/kith" | cut -f1) of $(du -sh --apparent-size "$target" | cut -f1)"
  export KITH=$target/kith
}

main "$@"
