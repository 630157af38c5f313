#!/bin/bash
# Runs a command with a Docker engine: the one that answers, else one of its own that ends with the command.
#
#   scripts/test-image/with-docker-engine.sh COMMAND [ARGUMENT...]
#
# An engine of its own keeps everything in a directory of its own: ONEBOX_DOCKER_ROOT when that is set (images stay there
# for the next time), else a temporary one that is deleted. Exits with the command's status, or 77 when no engine can be had.
set -u

say() { echo "with-docker-engine: $*" >&2; }
skip() {
  say "SKIPPED, no Docker engine can be had: $*"
  exit 77
}

[ $# -gt 0 ] || { say "usage: $0 COMMAND [ARGUMENT...]"; exit 2; }
command -v docker >/dev/null || skip "there is no docker client"

if timeout 5 docker version >/dev/null 2>&1; then
  exec "$@"
fi

command -v dockerd >/dev/null || skip "there is no dockerd (Debian's package is docker.io)"
[ "$(id -u)" = 0 ] || skip "dockerd has to be started by root"

# The socket's path must be short, and the engine's files must not outlive it in the user's directories.
run=$(mktemp -d /tmp/onebox-docker.XXXXXX)
root=${ONEBOX_DOCKER_ROOT:-$run/root}
mkdir -p "$root"
engine=

stop_engine() {
  if [ -n "$engine" ] && kill -TERM "$engine" 2>/dev/null; then
    for _ in $(seq 100); do
      kill -0 "$engine" 2>/dev/null || break
      sleep 0.1
    done
    if kill -KILL "$engine" 2>/dev/null; then say "the engine did not end by itself and was killed"; fi
    wait "$engine" 2>/dev/null
  fi
  # containerd is dockerd's child and ends with it, unless dockerd was killed.
  if [ -s "$run/exec/containerd/containerd.pid" ]; then
    kill -KILL "$(cat "$run/exec/containerd/containerd.pid")" 2>/dev/null
  fi
  grep -o " $run[^ ]*" /proc/mounts | sort -r | while read -r mount; do umount -l "$mount" 2>/dev/null; done
  rm -rf "$run"
}
trap stop_engine EXIT
trap 'exit 143' TERM INT

start_engine() {
  dockerd --data-root "$root" --exec-root "$run/exec" --pidfile "$run/pid" -H "unix://$run/docker.sock" \
    "$@" >"$run/log" 2>&1 &
  engine=$!
  for _ in $(seq 300); do
    timeout 2 docker -H "unix://$run/docker.sock" version >/dev/null 2>&1 && return 0
    kill -0 "$engine" 2>/dev/null || break
    sleep 0.1
  done
  return 1
}

say "starting an engine (files in $root)"
if ! start_engine; then
  tail -5 "$run/log" >&2
  skip "dockerd did not start"
fi
export DOCKER_HOST="unix://$run/docker.sock"
"$@"
