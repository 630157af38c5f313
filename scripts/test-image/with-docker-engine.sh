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
# The shell's own kill: a minimal Debian has no program of that name for sudo.
signal() { as_root bash -c 'kill "$@" 2>/dev/null' kill "$@"; }

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
bridge=onebox${run##*.}
command_group=
engine=
# What an engine makes outside the directories that it is given.
footprints=()
for path in /etc/docker/key.json /etc/docker /opt/containerd /run/containerd /run/docker; do
  [ -e "$path" ] || footprints+=("$path")
done

# Waits for a process to be gone, or a process group when the number is negative: gone PID SECONDS.
gone() {
  local left=$(($2 * 10))
  while signal -0 -- "$1"; do
    [ $((left -= 1)) -gt 0 ] || return 1
    sleep 0.1
  done
}

end_command() {
  [ -n "$command_group" ] && signal -TERM -- "-$command_group" || return 0
  gone "-$command_group" 60 && return
  say "the command did not end and was killed"
  signal -KILL -- "-$command_group"
}

end_engine() {
  local pid path
  if [ -n "$engine" ]; then
    # Containers that an interrupted command left. An engine that hangs loses them below.
    timeout 20 docker ps -aq 2>/dev/null | xargs -r timeout 20 docker rm --force --volumes >/dev/null 2>&1
    # Not $engine, which may be sudo. A file that is not there yet belongs to an engine that never started.
    pid=$(cat "$run/pid" 2>/dev/null || echo "$engine")
    signal -TERM "$pid"
    if ! gone "$pid" 20; then
      say "the engine did not end by itself and was killed"
      signal -KILL "$pid"
    fi
    wait "$engine" 2>/dev/null
  fi
  # containerd and the containers' shims end with dockerd, unless it was killed. Their command lines name our directory.
  for path in /proc/[0-9]*; do
    pid=${path#/proc/}
    case $(tr '\0' ' ' 2>/dev/null <"$path/cmdline") in
      containerd*"$run/exec/"* | *containerd-shim*"$run/exec/"* | *docker-proxy*"$run/exec/"*) signal -KILL "$pid" && gone "$pid" 5 ;;
    esac
  done
  as_root ip link delete "$bridge" 2>/dev/null
  as_root find /sys/fs/cgroup -depth -type d -path "*/$bridge*" -exec rmdir {} \; 2>/dev/null
  grep -oE " ($run|$root)[^ ]*" /proc/mounts | sort -r | while read -r path; do as_root umount -l "$path"; done
  as_root rm -rf --one-file-system "$run"
  for path in "${footprints[@]}"; do
    if [ -f "$path" ]; then as_root rm -f "$path"; else as_root find "$path" -depth -type d -empty -delete 2>/dev/null; fi
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
  # A session of its own: a signal to our process group is not for the engine, which has to outlive the command.
  local sudo=(sudo -n)
  [ "$(id -u)" != 0 ] || sudo=()
  setsid "${sudo[@]}" dockerd --data-root "$root" --exec-root "$run/exec" --pidfile "$run/pid" \
    -H "unix://$run/docker.sock" --group "$(id -g)" --bridge "$bridge" \
    --cgroup-parent "/$bridge" --exec-opt native.cgroupdriver=cgroupfs \
    --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false </dev/null >"$run/log" 2>&1 &
  engine=$!
  for _ in $(seq 300); do
    timeout 2 docker version >/dev/null 2>&1 && return 0
    [ -e "/proc/$engine" ] || break
    sleep 0.1
  done
  return 1
}

unset DOCKER_CONTEXT DOCKER_TLS_VERIFY
export DOCKER_HOST="unix://$run/docker.sock"
say "starting an engine (files in $root)"
if ! start_engine; then
  tail -5 "$run/log" >&2
  skip "dockerd did not start"
fi
# In a process group of its own, so that a signal can end all of it, and before the engine.
set -m
"$@" </dev/null &
command_group=$!
set +m
wait "$command_group"
status=$?
command_group=
exit "$status"
