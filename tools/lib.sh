# SPDX-License-Identifier: GPL-3.0-or-later
# Shared by the scripts in this directory: where things are, how to speak, how to get a missing package.
# shellcheck shell=bash

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
