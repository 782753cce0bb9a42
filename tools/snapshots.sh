# SPDX-License-Identifier: GPL-3.0-or-later
# Deployed hosts kept as images of this machine, and had again; a part of tools/hosts.
# shellcheck shell=bash

readonly SNAPSHOTS="$CACHE/snapshots"

for_all() {
  local node job jobs=()
  for node in "${NODES[@]}"; do "$@" "$node" >/dev/null & jobs+=($!); done
  for job in "${jobs[@]}"; do wait "$job"; done
}

# What an engine would lay its own files over is put aside, and put back by the next start.
keep_files() { docker exec "$(container "$1")" /usr/local/sbin/boot keep; }
halt() { docker stop --time "$(never 300)" "$(container "$1")"; }
power_on() { docker start "$(container "$1")"; }
# shellcheck disable=SC2154 # the name that tools/hosts was given
snapshot() { echo "steady-airflow-snapshot:$name-$1"; }
is_kept() { docker image inspect "$(snapshot "$1")" >/dev/null 2>&1; }
keep() { docker commit "$(container "$1")" "$(snapshot "$1")"; }
create_kept() { create "$1" "$(snapshot "$1")"; }

# All are halted as if somebody had shut them down, so what is kept is what disks have.
save() {
  [ "$(status | grep -c running)" = "${#NODES[@]}" ] || die "three running hosts are needed; see tools/hosts status"
  make_network
  for_all keep_files
  for_all halt
  for_all keep
  (umask 077 && mkdir -p "$SNAPSHOTS" && echo "$prefix" >"$DEMO/network" &&
    tar -C "$DEMO" -cf "$SNAPSHOTS/$name.tar" --exclude=./drills --exclude='./*.log' .)
  for_all power_on
}

# Nothing is removed before it is sure that all is there.
restore() {
  [ -f "$SNAPSHOTS/$name.tar" ] || die "nothing is kept as $name; there is: $(find "$SNAPSHOTS" -name '*.tar' -printf '%f ' 2>/dev/null)"
  "$ROOT/tools/engine"
  local node
  for node in "${NODES[@]}"; do is_kept "$node" || die "the image $(snapshot "$node") is gone; tools/hosts forget $name, and save again"; done
  down
  install -d -m 0700 "$DEMO"
  tar -C "$DEMO" -xf "$SNAPSHOTS/$name.tar"
  prefix="$(cat "$DEMO/network")"
  make_network
  for_all create_kept
  until_whole
}

# Written by the checkout that made them, the inventory still names that one's directory.
until_whole() {
  local node
  "$ROOT/tools/devenv"
  write_inventory
  if ! (cd "$ROOT" && .venv/bin/ansible-playbook -i inventories/three_nodes -i "$OVERLAY" tools/demo-status.yml \
    -e status_file="$DEMO/status.json") >"$DEMO/restore.log" 2>&1; then
    tail -n 20 "$DEMO/restore.log" >&2
    die "not whole; all that was seen is in $DEMO/restore.log"
  fi
  for node in "${NODES[@]}"; do wait_for_boot "$node"; done
  say "All tiers are whole, $SECONDS s after the beginning"
}

forget() {
  local node
  for node in "${NODES[@]}"; do ! is_kept "$node" || docker rmi "$(snapshot "$node")" >/dev/null; done
  rm -f "$SNAPSHOTS/$name.tar"
}
