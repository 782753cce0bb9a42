# SPDX-License-Identifier: GPL-3.0-or-later
# Shared by the scripts in this directory: where things are, how to speak, how to get a missing package.
# shellcheck shell=bash

# shellcheck disable=SC2034 # for the scripts
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
CACHE="${STEADY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/steady-airflow}"

say() { printf '%s\n' "$*" >&2; }
die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

usage_of() { sed -n '/^# Usage:/,/^$/s/^# \{0,1\}//p' "$1" >&2; }

can_apt_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# need_packages REASON PACKAGE...: installs them as root on Debian and Ubuntu, else says what is missing.
need_packages() {
  local reason="$1"
  shift
  can_apt_install || die "$reason. Install: $* (on Debian or Ubuntu: sudo apt-get install $*)"
  say "$reason: installing $*"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >&2
  apt-get install -y -qq --no-install-recommends "$@" >&2
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

# Networks set aside for documentation, first the one in inventories/three_nodes; each the first three numbers of a /24.
NETWORKS=(198.51.100 203.0.113 192.0.2)

subnet_of() { docker network inspect --format '{{(index .IPAM.Config 0).Subnet}}' "$1" 2>/dev/null; }

# A network is taken when this machine has a route into it, other than the default one.
is_taken() {
  local routes
  routes="$(ip -4 route show root "$1.0/24"; ip -4 route show match "$1.0/24")"
  grep -qv '^default' <<<"${routes:-default}"
}

# free_network NAME [WANTED]: the network that Docker's NAME has, else the one that is wanted, else the first free one.
free_network() {
  local name="$1" wanted="${2:-}" subnet candidate
  if subnet="$(subnet_of "$name")"; then
    [ "${wanted:-${subnet%.*}}" = "${subnet%.*}" ] || die "the network $name is $subnet already; remove its hosts first"
    echo "${subnet%.*}"
    return
  fi
  for candidate in ${wanted:-"${NETWORKS[@]}"}; do
    if ! is_taken "$candidate"; then
      echo "$candidate"
      return
    fi
  done
  die "this machine is part of ${wanted:-all of ${NETWORKS[*]}} already; name a free network: --network PREFIX"
}
