#!/bin/sh
# Kith's installer, and its trial run. POSIX sh; everything is called from the last line,
# so that a download that was cut off runs nothing.
set -eu

usage() {
  cat <<'TEXT'
usage: ./install.sh --try [--data DIR] [--domain DOMAIN] [--yes]
       ./install.sh [--domain DOMAIN] [--ignore-ports] [--yes]        (as root)
       ./install.sh --tools [--yes]

  --try           build Kith and run it on this machine alone: loopback, high ports, a
                  self-signed certificate, a data directory of its own. Ctrl-C stops it.
  without --try   build Kith and install it as a systemd service: program in /opt/kith,
                  data in /var/lib/kith. Run again, it upgrades, and returns to the old
                  version when the new one does not come up healthy.
  --tools         only see to it that the .NET SDK (and Node, where it is needed) is there.

  --data DIR      data of the trial run (default ${XDG_DATA_HOME:-~/.local/share}/kith-try)
  --domain NAME   the XMPP domain: the second half of everyone's address, kept for good
                  (trial: kith.localhost; service: asked by the set-up page when not given)
  --ignore-ports  install although other programs hold ports that Kith wants
  --yes           get what is missing: packages from the distribution, the .NET SDK by
                  Microsoft's install script into ~/.dotnet
TEXT
}

say() { printf '%s\n' "$@"; }
die() { printf 'install.sh: %s\n' "$*" >&2; exit 1; }
wrong() { printf 'install.sh: %s\nTry ./install.sh --help\n' "$*" >&2; exit 2; }

main() {
  root=$(cd "$(dirname "$0")" && pwd)
  mode=install yes=${CI:+yes} data='' domain='' ignore_ports=''
  while [ $# -gt 0 ]; do
    case $1 in
      --try) mode=try ;;
      --tools) mode=tools ;;
      --yes) yes=yes ;;
      --ignore-ports) ignore_ports=yes ;;
      --data) [ $# -gt 1 ] || wrong "--data needs a directory"; data=$2; shift ;;
      --domain) [ $# -gt 1 ] || wrong "--domain needs a name"; domain=$2; shift ;;
      -h | --help) usage; exit 0 ;;
      *) wrong "unknown argument '$1'" ;;
    esac
    shift
  done
  case $domain in *[!A-Za-z0-9.-]*) wrong "'$domain' is not a domain name (write an international one in its xn-- form)" ;; esac
  [ -f "$root/src/Kith/Kith.csproj" ] || die "run it from a checkout of Kith: it builds the program from source"
  case $mode in
    tools) need_tools ;;
    try) try_it ;;
    install) [ -z "$data" ] || wrong "--data belongs to --try; the service keeps its data in /var/lib/kith"; install_it ;;
  esac
}

# --- what building needs -----------------------------------------------------------------------

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else die "this needs root: $*"; fi
}

apt_install() {
  command -v apt-get >/dev/null || die "no apt-get here; please install: $*"
  say "Installing from the distribution: $*"
  as_root apt-get -o DPkg::Lock::Timeout=300 -q update >/dev/null
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qy install --no-install-recommends "$@" >/dev/null
}

# In the checkout, so that global.json decides whether the SDK is new enough.
sdk_works() { command -v dotnet >/dev/null && (cd "$root" && dotnet --version >/dev/null 2>&1); }

# The SDK wants libicu for culture data; building Kith does not.
without_icu() {
  ldconfig -p 2>/dev/null | grep -q libicuuc || export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
}

need_tools() {
  without_icu
  if ! sdk_works && [ -x "$HOME/.dotnet/dotnet" ]; then
    PATH=$HOME/.dotnet:$PATH DOTNET_ROOT=$HOME/.dotnet; export PATH DOTNET_ROOT
  fi
  missing=''
  sdk_works || missing='the .NET 10 SDK'
  [ ! -f "$root/src/web/package.json" ] || command -v npm >/dev/null || missing="${missing:+$missing and }Node with npm"
  [ -n "$missing" ] || return 0
  [ -n "$yes" ] || die "missing: $missing. With --yes I get Node from the distribution and the SDK
by Microsoft's script (https://dot.net/v1/dotnet-install.sh) into $HOME/.dotnet."

  [ ! -f "$root/src/web/package.json" ] || command -v npm >/dev/null || apt_install nodejs npm
  sdk_works || install_sdk
}

install_sdk() {
  command -v curl >/dev/null || apt_install curl ca-certificates
  say "Installing the .NET SDK into $HOME/.dotnet"
  script=$(mktemp)
  curl -fsSL --retry 3 -o "$script" https://dot.net/v1/dotnet-install.sh || die "cannot fetch the SDK's install script from dot.net"
  bash "$script" --channel 10.0 --install-dir "$HOME/.dotnet" >/dev/null || die "the SDK's install script failed: see https://dot.net/download"
  rm -f "$script"
  PATH=$HOME/.dotnet:$PATH DOTNET_ROOT=$HOME/.dotnet; export PATH DOTNET_ROOT
  sdk_works || die "the SDK in $HOME/.dotnet does not fit global.json"
}

# build DIR: the published program in DIR. Unchanged parts are not compiled again.
build() {
  need_tools
  case $(uname -m) in
    x86_64) rid=linux-x64 ;;
    aarch64) rid=linux-arm64 ;;
    *) die "no build for $(uname -m) yet" ;;
  esac
  export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
  say "Building Kith (a few minutes the first time)"
  log=$(mktemp)
  if ! dotnet publish "$root/src/Kith" -c Release -r "$rid" -o "$1" -v q -p:RunAnalyzers=false >"$log" 2>&1; then
    cat "$log" >&2
    die "the build failed; its output is above"
  fi
  rm -f "$log"
}

# --- ports -------------------------------------------------------------------------------------

need_ss() {
  command -v ss >/dev/null && return
  [ -n "$yes" ] || die "missing: ss (package iproute2). --yes installs it"
  apt_install iproute2
}

# owner PORT: who listens on it, in words; empty when nobody does. Others' programs are named to root only.
owner() {
  ss -Hltnp "sport = :$1" | awk 'NR == 1 {
    if (match($0, /\("[^"]*",pid=[0-9]+/)) {
      split(substr($0, RSTART + 2, RLENGTH - 2), part, /",pid=/)
      print part[1] " (process " part[2] ")"
    } else print "a program of another user"
  }'
}

# free_port FIRST: the first free port from FIRST on.
free_port() {
  number=$1
  while who=$(owner "$number"); [ -n "$who" ]; do
    say "Port $number is taken by $who; trying the next one." >&2
    number=$((number + 1))
  done
  echo "$number"
}

# --- the trial run -----------------------------------------------------------------------------

try_it() {
  need_ss
  [ -n "$data" ] || data=${XDG_DATA_HOME:-$HOME/.local/share}/kith-try
  mkdir -p "$data"
  chmod 700 "$data"
  data=$(cd "$data" && pwd)
  settle_domain
  build "$root/artifacts/try"
  kith=$root/artifacts/try/kith
  https=$(free_port 8443)
  http=$(free_port 8080)
  client=$(free_port 5222)
  client_tls=$(free_port $((client + 1)))
  relay=$(free_port 3478)
  relay_tls=$(free_port 5349)

  pid='' ended=''
  trap 'ended=yes; [ -z "$pid" ] || kill -TERM "$pid" 2>/dev/null' INT TERM HUP
  "$kith" run --data "$data" --set "Public:Url=https://$domain:$https" \
    --set Listen:Address=127.0.0.1 --set "Listen:Https=$https" --set "Listen:Http=$http" \
    --set "Listen:Client=$client" --set "Listen:ClientTls=$client_tls" \
    --set "Listen:Relay=$relay" --set "Listen:RelayTls=$relay_tls" --set Relay:AllowPrivatePeers=true \
    --set Listen:Server=0 --set Listen:ServerTls=0 --set Federation:Mode=off --set Tls:Mode=self-signed &
  pid=$!
  if wait_for_port && users=$(list_users); then
    welcome
  elif [ -z "$ended" ] && kill -0 "$pid" 2>/dev/null; then
    say "install.sh: Kith runs, but does not answer; its output above may say why. Stopping it." >&2
    kill -TERM "$pid"
    wait "$pid" || :
    exit 1
  fi
  status=0
  wait "$pid" || status=$?
  # A signal ends `wait` early: the program is still draining then.
  while kill -0 "$pid" 2>/dev/null; do status=0; wait "$pid" || status=$?; done
  if [ -n "$ended" ] && [ "$status" -eq 0 ]; then say "Stopped. The data is kept in $data"; fi
  exit "$status"
}

# A domain is kept for good: it goes into the settings, where the commands find it too.
settle_domain() {
  kept=$(domain_in "$data/kith.json")
  [ -n "$domain" ] || domain=${kept:-kith.localhost}
  [ -z "$kept" ] || [ "$kept" = "$domain" ] || die "$data belongs to $kept; take another --data for $domain"
  [ -e "$data/kith.json" ] || (umask 077 && printf '{ "Domain": "%s" }\n' "$domain" >"$data/kith.json")
  [ -n "$(domain_in "$data/kith.json")" ] || die "$data/kith.json has no \"Domain\""
}

domain_in() { [ ! -e "$1" ] || sed -n 's/.*"Domain" *: *"\([^"]*\)".*/\1/p' "$1" | head -n 1; }

wait_for_port() {
  tries=0
  while [ -z "$(owner "$https")" ]; do
    tries=$((tries + 1))
    [ $tries -lt 300 ] && [ -z "$ended" ] && kill -0 "$pid" 2>/dev/null || return 1
    sleep 0.1
  done
}

# Asked of the running service; it may open its control socket a moment after the port.
list_users() {
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    "$kith" user list --json --data "$data" 2>/dev/null && return
    sleep 0.3
  done
  return 1
}

has_admin() { printf '%s' "$1" | grep -Eq '"role" *: *"admin"'; }

welcome() {
  say '' "Kith is running at https://$domain:$https (self-signed certificate: the browser warns)" ''
  if has_admin "$users"; then
    say "There is an admin already; sign in there."
  else
    say "This link makes the first admin:"
    "$kith" invite create --role admin --uses 1 --expires 7d --note 'first admin' --data "$data" || :
  fi
  cat <<TEXT

With an XMPP app on this machine: address NAME@$domain, server 127.0.0.1,
port $client (STARTTLS) or $client_tls (direct TLS); accept the certificate.
Data: $data. Commands: $kith user list --data $data
Ctrl-C stops it.

TEXT
}

# --- the service -------------------------------------------------------------------------------

install_it() {
  [ "$(id -u)" -eq 0 ] || die "installing needs root (sudo ./install.sh); to look at Kith first: ./install.sh --try"
  [ -d /run/systemd/system ] || die "no systemd runs here. Build and start it by hand: kith run --data DIR (see README.md)"
  need_ss
  old=$(readlink /opt/kith/current 2>/dev/null || :)
  [ -n "$old" ] || [ -n "$ignore_ports" ] || check_ports
  build "$root/artifacts/install"
  prepare_system
  place_version
  if [ -n "$old" ]; then upgrade; else first_start; fi
}

check_ports() {
  busy=''
  for number in 80 443 5222 5223 5269 5270 3478 5349; do
    who=$(owner "$number")
    [ -z "$who" ] || busy="$busy
  $number: $who"
  done
  [ -z "$busy" ] || die "these ports are taken:$busy
Free them; or write other ports into /var/lib/kith/kith.json (\"Listen\") and come back with --ignore-ports."
}

prepare_system() {
  # The distribution patches its SQLite; the one that comes with the program is only a fallback.
  if command -v dpkg-query >/dev/null && ! dpkg-query -W libsqlite3-0 >/dev/null 2>&1; then apt_install libsqlite3-0; fi
  id kith >/dev/null 2>&1 ||
    useradd --system --user-group --home-dir /var/lib/kith --no-create-home --shell /usr/sbin/nologin kith
  install -d -m 0755 /opt/kith
  install -d -m 0700 -o kith -g kith /var/lib/kith
  if [ -n "$domain" ] && [ ! -e /var/lib/kith/kith.json ]; then
    printf '{ "Domain": "%s" }\n' "$domain" >/var/lib/kith/kith.json
    chown kith:kith /var/lib/kith/kith.json
    chmod 0600 /var/lib/kith/kith.json
  elif [ -n "$domain" ]; then
    say "--domain is not used: /var/lib/kith/kith.json is there already."
  fi
  install -m 0644 "$root/systemd/kith.service" /etc/systemd/system/kith.service
  ln -sfn /opt/kith/current/kith /usr/local/bin/kith
  systemctl daemon-reload
}

# Each installation gets a directory of its own: the old one stays whole until the new one is healthy.
place_version() {
  version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$root/Directory.Build.props")
  commit=$(git -C "$root" rev-parse --short HEAD 2>/dev/null || :)
  new=$version${commit:+-$commit}
  count=1
  while [ -e "/opt/kith/$new" ]; do count=$((count + 1)); new=$version${commit:+-$commit}.$count; done
  cp -R "$root/artifacts/install" "/opt/kith/$new"
  chown -R root:root "/opt/kith/$new"
}

switch_to() { ln -sfn "$1" /opt/kith/current.new && mv -T /opt/kith/current.new /opt/kith/current; }

# The unit is Type=notify: a start that succeeds means that Kith listens. Then it must answer, and stay up.
healthy() {
  systemctl reset-failed kith 2>/dev/null || :
  systemctl restart kith || return 1
  before=$(systemctl show -p MainPID --value kith)
  sleep 5
  [ "$(systemctl show -p MainPID --value kith)" = "$before" ] && systemctl is-active -q kith || return 1
  # Before its set-up it has nobody to list.
  [ -z "$(domain_in /var/lib/kith/kith.json)" ] || as_kith user list --json >/dev/null
}

as_kith() { runuser -u kith -- /opt/kith/current/kith "$@" --data /var/lib/kith; }

first_start() {
  switch_to "$new"
  systemctl enable -q kith
  healthy || die "Kith $new does not come up healthy: journalctl -u kith says why"
  say "Kith $new is installed and runs."
  if [ -z "$(domain_in /var/lib/kith/kith.json)" ]; then
    say "Go on in a browser: http://$(hostname -I | cut -d' ' -f1)/setup"
  elif has_admin "$(as_kith user list --json)"; then
    say "There is an admin already."
  else
    say "This link makes the first admin:"
    as_kith invite create --role admin --uses 1 --expires 7d
  fi
}

upgrade() {
  trap '' INT HUP # half-way the service would stay stopped
  # With the service stopped, the files of the database are one consistent copy.
  systemctl stop kith
  snapshot=/var/lib/kith/backups/before-$new
  install -d -m 0700 -o kith -g kith /var/lib/kith/backups "$snapshot"
  if ! copy_database /var/lib/kith "$snapshot"; then
    rm -rf "$snapshot" "/opt/kith/${new:?}"
    systemctl start kith
    die "no room for a copy of the database; not upgraded, Kith $old runs"
  fi
  switch_to "$new"
  if healthy; then
    say "Kith $new runs in place of $old. The database as it was: $snapshot"
    for each in /opt/kith/* /var/lib/kith/backups/before-*; do
      case $each in /opt/kith/current | "/opt/kith/$new" | "/opt/kith/$old" | "$snapshot") ;; *) rm -rf "$each" ;; esac
    done
    return
  fi
  say "Kith $new does not come up healthy; returning to $old." >&2
  systemctl stop kith || :
  switch_to "$old"
  # With the data as it is nothing is lost. Only when the old version cannot read it, the snapshot comes back.
  if ! healthy; then
    systemctl stop kith || :
    failed=/var/lib/kith/backups/failed-$new-$(date +%Y%m%d-%H%M%S)
    install -d -m 0700 -o kith -g kith "$failed"
    copy_database /var/lib/kith "$failed" || die "no room to put the new database aside; it and $snapshot are as they were"
    copy_database "$snapshot" /var/lib/kith
    healthy || die "$old does not come up either: journalctl -u kith says why. The data is in $snapshot and $failed"
    say "The database of before the upgrade is back; what $new wrote is kept in $failed" >&2
  fi
  rm -rf "/opt/kith/${new:?}"
  die "not upgraded; Kith $old runs. journalctl -u kith says what was wrong with $new"
}

copy_database() {
  for file in kith.db kith.db-wal kith.db-shm; do
    rm -f "$2/$file" # of an earlier attempt, which would not fit to the others
    [ ! -e "$1/$file" ] || cp -p "$1/$file" "$2/$file" || return 1
  done
}

main "$@"
