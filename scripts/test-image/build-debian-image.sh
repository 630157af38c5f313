#!/bin/bash
# Builds the image that the images of the container tests stand on, without a registry: a minimal Debian, put together by
# debootstrap.
#
#   scripts/test-image/build-debian-image.sh
#
# An image that is there already is left as it is. Needs an engine that answers (see with-docker-engine.sh), debootstrap,
# and root or `sudo -n`; exits with 77 without. The image has about 120 MB and stays until `docker image rm`.
set -eu

IMAGE=${ONEBOX_TEST_DEBIAN_IMAGE:-onebox-test-debian:1}

say() { echo "build-debian-image: $*" >&2; }
skip() {
  say "NO IMAGE: $*"
  exit 77
}

timeout 10 docker version >/dev/null 2>&1 || skip "no Docker engine answers"
if docker image inspect "$IMAGE" >/dev/null 2>&1; then
  say "$IMAGE is there"
  exit 0
fi
PATH=$PATH:/usr/sbin:/sbin
command -v debootstrap >/dev/null || skip "there is no debootstrap"
if [ "$(id -u)" != 0 ]; then
  sudo -n true 2>/dev/null || skip "debootstrap has to be run by root or with sudo -n"
  exec sudo -n env "PATH=$PATH" "DOCKER_HOST=${DOCKER_HOST:-}" "ONEBOX_TEST_DEBIAN_IMAGE=$IMAGE" "$(realpath "$0")"
fi

# Of the system this runs on, so that its mirror serves it.
suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-stable}")
work=$(mktemp -d "${TMPDIR:-/tmp}/onebox-image.XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 143' INT TERM HUP

say "making a minimal Debian ($suite), about half a minute"
if ! timeout 600 debootstrap --variant=minbase "$suite" "$work/rootfs" >"$work/log" 2>&1; then
  tail -5 "$work/log" >&2
  skip "debootstrap failed"
fi
rm -rf "$work/rootfs/var/cache/apt/archives"
tar -C "$work/rootfs" --one-file-system -c . | docker import - "$IMAGE" >/dev/null
say "$IMAGE is ready"
