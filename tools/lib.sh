# SPDX-License-Identifier: GPL-3.0-or-later
# Shared by the scripts in this directory: where things are, how to speak, how to get a missing package.
# shellcheck shell=bash

# shellcheck disable=SC2034 # for the scripts
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
CACHE="${STEADY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/steady-airflow}"

say() { printf '%s\n' "$*" >&2; }
die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# never SECONDS: how long to wait for what comes long before, or never does; more on a machine that is slow.
never() {
  local times="${STEADY_PATIENCE:-1}"
  [[ "$times" =~ ^[0-9]+([.][0-9]+)?$ ]] || die "STEADY_PATIENCE is how many times longer to wait, a number such as 4 or 2.5, not $times"
  awk -v seconds="$1" -v times="$times" 'BEGIN { printf "%d\n", seconds * times }'
}

usage_of() { sed -n '/^# Usage:/,/^$/s/^# \{0,1\}//p' "$1" >&2; }

can_apt_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# What a download may take, on this machine and in what it starts: a server that is away or slow is asked again.
export PIP_RETRIES="${PIP_RETRIES:-6}" PIP_DEFAULT_TIMEOUT="${PIP_DEFAULT_TIMEOUT:-60}"
export UV_HTTP_RETRIES="${UV_HTTP_RETRIES:-6}" UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-60}"
APT_GET=(apt-get -o Acquire::Retries=5 -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30 -qq)
PAUSES="${STEADY_PAUSES:-5 15 30 60 90}" # seconds between tries

# patiently WHAT REMEDY COMMAND...: tries for some minutes, then says what could not be fetched and what names another source.
patiently() {
  local what="$1" remedy="$2" pause
  shift 2
  for pause in $PAUSES; do
    if "$@"; then return; fi
    say "$what could not be fetched; again in $pause s"
    sleep "$pause" # a server that just refused is not to be asked at once
  done
  "$@" || die "$what could not be fetched. $remedy"
}

# need_packages REASON PACKAGE...: installs them as root on Debian and Ubuntu, else says what is missing.
need_packages() {
  local reason="$1"
  shift
  can_apt_install || die "$reason. Install: $* (on Debian or Ubuntu: sudo apt-get install $*)"
  say "$reason: installing $*"
  export DEBIAN_FRONTEND=noninteractive
  local remedy="Another source or a proxy: /etc/apt/sources.list, http_proxy"
  patiently "the lists of packages" "$remedy" "${APT_GET[@]}" update --error-on=any >&2
  patiently "the packages $*" "$remedy" "${APT_GET[@]}" install -y --no-install-recommends "$@" >&2
}

# What hosts downloaded once is kept for those of the next time: packages per host, since apt locks its directory;
# Python packages for all, since uv's cache is made to be shared. Both print a directory that exists.
host_cache() {
  mkdir -p "$CACHE/hosts/$1"/apt-node{1,2,3}
  echo "$CACHE/hosts/$1"
}
uv_cache() {
  mkdir -p "$CACHE/hosts/uv"
  echo "$CACHE/hosts/uv"
}

# Networks set aside for documentation, first the one in inventories/three_nodes, and for benchmarks; each the first three numbers of a /24.
NETWORKS=(198.51.100 203.0.113 192.0.2 198.18.51 198.18.113)
IPV6_NETWORK=2001:db8:51::

subnet_of() { docker network inspect --format '{{(index .IPAM.Config 0).Subnet}}' "$1" 2>/dev/null; }

# Addresses of what hosts download from and whom they ask for names: some sites give these addresses of such a network, too.
sources() {
  {
    sed -n 's/^nameserver //p' /etc/resolv.conf
    find /etc/apt/sources.list /etc/apt/sources.list.d -type f -exec cat {} + 2>/dev/null |
      grep -v '^ *#' | grep -oE 'https?://[^/ ]+' | sed 's|.*[/@]||; s|:.*||' | sort -u | xargs -r getent ahostsv4 | cut -d' ' -f1 || true # none of them is no error
  } | sort -u
}

# is_taken NETWORK SOURCES: it is when this machine has a route into it, other than the default one, or when a source is in it.
is_taken() {
  local routes
  routes="$(ip -4 route show root "$1.0/24"; ip -4 route show match "$1.0/24")"
  grep -qv '^default' <<<"${routes:-default}" || grep -q "^${1//./[.]}[.]" <<<"$2"
}

# free_network NAME [WANTED]: the network that Docker's NAME has, else the one that is wanted, else the first free one.
free_network() {
  local name="$1" wanted="${2:-}" subnet candidate all_sources
  if subnet="$(subnet_of "$name")"; then
    [ "${wanted:-${subnet%.*}}" = "${subnet%.*}" ] || die "the network $name is $subnet already; remove its hosts first"
    echo "${subnet%.*}"
    return
  fi
  all_sources="$(sources)"
  for candidate in ${wanted:-"${NETWORKS[@]}"}; do
    if ! is_taken "$candidate" "$all_sources"; then
      echo "$candidate"
      return
    fi
  done
  die "this machine, or what it downloads from, is in ${wanted:-each of ${NETWORKS[*]}} already; name a free network: --network PREFIX"
}
