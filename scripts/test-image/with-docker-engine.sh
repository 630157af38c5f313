#!/bin/bash
# Runs a command with a Docker engine: the one that answers, else one of its own that ends with the command.
#
#   scripts/test-image/with-docker-engine.sh COMMAND [ARGUMENT...]
#
# Exits with the command's status, or with 77 when no engine can be had: then the command was not run. An engine of its own
# needs root or `sudo -n`. It keeps its files in a temporary directory that is deleted, images too; ONEBOX_DOCKER_ROOT names
# a directory that keeps them for the next time. It touches no firewall rule and has a bridge of its own, which ends with
# it. A signal ends the command first, then the engine.
set -u

say() { echo "with-docker-engine: $*" >&2; }
skip() {
  say "NO DOCKER ENGINE can be had: $*"
  exit 77
}
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

[ $# -gt 0 ] || { say "usage: $0 COMMAND [ARGUMENT...]"; exit 2; }
command -v docker >/dev/null || skip "there is no docker client"

if timeout 5 docker version >/dev/null 2>&1; then
  exec "$@"
fi

PATH=$PATH:/usr/sbin:/sbin
command -v dockerd >/dev/null || skip "there is no dockerd (Debian's package is docker.io)"
command -v ip >/dev/null || skip "there is no ip (Debian's package is iproute2)"
as_root true 2>/dev/null || skip "dockerd has to be started by root or with sudo -n"

# The socket's path must be short.
run=$(mktemp -d /tmp/onebox-docker.XXXXXX)
root=${ONEBOX_DOCKER_ROOT:-$run/root}
bridge=onebox$$
command_group=
engine=
# What an engine makes outside the directories that it is given.
footprints=()
for directory in /etc/docker /opt/containerd /run/containerd /run/docker; do
  [ -e "$directory" ] || footprints+=("$directory")
done

# Waits for a process to be gone, or a process group when the number is negative: gone PID SECONDS.
gone() {
  local left=$(($2 * 10))
  while as_root kill -0 -- "$1" 2>/dev/null; do
    [ $((left -= 1)) -gt 0 ] || return 1
    sleep 0.1
  done
}

end_command() {
  [ -n "$command_group" ] && kill -TERM -- "-$command_group" 2>/dev/null || return 0
  gone "-$command_group" 60 && return
  say "the command did not end and was killed"
  as_root kill -KILL -- "-$command_group" 2>/dev/null
}

end_engine() {
  local pid
  if [ -n "$engine" ]; then
    # Not $engine, which may be sudo. A file that is not there yet belongs to an engine that never started.
    pid=$(cat "$run/pid" 2>/dev/null || echo "$engine")
    as_root kill -TERM "$pid" 2>/dev/null
    if ! gone "$pid" 15; then
      say "the engine did not end by itself and was killed"
      as_root kill -KILL "$pid" 2>/dev/null
    fi
    wait "$engine" 2>/dev/null
  fi
  # containerd is dockerd's child and ends with it, unless dockerd was killed.
  if pid=$(as_root cat "$run/exec/containerd/containerd.pid" 2>/dev/null) && [ -n "$pid" ]; then
    as_root kill -KILL "$pid" 2>/dev/null && gone "$pid" 5
  fi
  as_root ip link delete "$bridge" 2>/dev/null
  grep -oE " ($run|$root)[^ ]*" /proc/mounts | sort -r | while read -r mount; do as_root umount -l "$mount"; done
  as_root rm -rf --one-file-system "$run"
  for directory in "${footprints[@]}"; do
    as_root rm -f "$directory/key.json"
    as_root find "$directory" -depth -type d -empty -delete 2>/dev/null
  done
}

finish() {
  trap '' INT TERM HUP
  end_command
  end_engine
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# Ports are published by docker-proxy alone, on loopback: that needs no rule of the firewall and no forwarding.
start_engine() {
  as_root ip link add "$bridge" type bridge || return 1
  as_root setsid dockerd --data-root "$root" --exec-root "$run/exec" --pidfile "$run/pid" \
    -H "unix://$run/docker.sock" --group "$(id -g)" --bridge "$bridge" \
    --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false </dev/null >"$run/log" 2>&1 &
  engine=$!
  for _ in $(seq 300); do
    timeout 2 docker -H "unix://$run/docker.sock" version >/dev/null 2>&1 && return 0
    [ -e "/proc/$engine" ] || break
    sleep 0.1
  done
  return 1
}

say "starting an engine (files in $root)"
if ! start_engine; then
  tail -5 "$run/log" >&2
  skip "dockerd did not start"
fi
unset DOCKER_CONTEXT DOCKER_TLS_VERIFY
export DOCKER_HOST="unix://$run/docker.sock"

# In a process group of its own, so that a signal can end all of it, and before the engine.
set -m
"$@" </dev/null &
command_group=$!
set +m
wait "$command_group"
status=$?
command_group=
exit "$status"
