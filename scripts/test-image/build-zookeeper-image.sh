#!/bin/bash
# Builds the ZooKeeper image of the container tests without a registry: Debian's packages on the image that
# build-debian-image.sh makes.
#
#   scripts/test-image/build-zookeeper-image.sh
#
# Like the official image it runs ZooKeeper with /conf/zoo.cfg and keeps its data in /data. An image that is there already
# is left as it is. Needs an engine that answers (see with-docker-engine.sh), debootstrap, and root or `sudo -n`; exits with
# 77 without. The image has about 450 MB and stays until `docker image rm` (see with-zookeeper-image.sh).
set -eu

IMAGE=${ONEBOX_TEST_ZOOKEEPER_IMAGE:-onebox-test-zookeeper:1}
DEBIAN=${ONEBOX_TEST_DEBIAN_IMAGE:-onebox-test-debian:1}

say() { echo "build-zookeeper-image: $*" >&2; }
skip() {
  say "NO IMAGE: $*"
  exit 77
}

timeout 10 docker version >/dev/null 2>&1 || skip "no Docker engine answers"
if docker image inspect "$IMAGE" >/dev/null 2>&1; then
  say "$IMAGE is there"
  exit 0
fi
"$(dirname "$0")/build-debian-image.sh"
PATH=$PATH:/usr/sbin:/sbin
if [ "$(id -u)" != 0 ]; then
  sudo -n true 2>/dev/null || skip "chroot has to be run by root or with sudo -n"
  exec sudo -n env "PATH=$PATH" "DOCKER_HOST=${DOCKER_HOST:-}" "ONEBOX_TEST_DEBIAN_IMAGE=$DEBIAN" \
    "ONEBOX_TEST_ZOOKEEPER_IMAGE=$IMAGE" "$(realpath "$0")"
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/onebox-image.XXXXXX")
cleanup() {
  umount -l "$work/rootfs/proc" 2>/dev/null || true
  rm -rf --one-file-system "$work"
}
trap cleanup EXIT
trap 'exit 143' INT TERM HUP

mkdir "$work/rootfs"
container=$(docker create "$DEBIAN" true)
docker export "$container" | tar -C "$work/rootfs" -x
docker rm "$container" >/dev/null
# What the engine puts into a container when it runs is not in the file system of an image.
cp /etc/resolv.conf "$work/rootfs/etc/resolv.conf"
cp -a /dev/null /dev/zero /dev/random /dev/urandom "$work/rootfs/dev/"

say "installing Java and ZooKeeper into it, about a minute"
cat >"$work/rootfs/usr/sbin/policy-rc.d" <<'POLICY'
#!/bin/sh
exit 101
POLICY
chmod +x "$work/rootfs/usr/sbin/policy-rc.d"
mount -t proc proc "$work/rootfs/proc" 2>/dev/null || true
if ! timeout 900 chroot "$work/rootfs" env -u TMPDIR DEBIAN_FRONTEND=noninteractive LC_ALL=C \
  apt-get install -y --no-install-recommends default-jre-headless libzookeeper-java libslf4j-java \
  >"$work/log" 2>&1; then
  tail -5 "$work/log" >&2
  skip "apt-get failed in the new system"
fi
umount -l "$work/rootfs/proc" 2>/dev/null || true
rm -rf "$work/rootfs/var/cache/apt/archives" "$work/rootfs/var/lib/apt/lists" "$work/rootfs/usr/sbin/policy-rc.d"
mkdir -p "$work/rootfs/conf" "$work/rootfs/data"

say "importing $IMAGE"
jars=/usr/share/java/zookeeper.jar:/usr/share/java/zookeeper-jute.jar:/usr/share/java/slf4j-simple.jar
tar -C "$work/rootfs" --one-file-system -c . | docker import \
  --change "CMD [\"java\", \"-XX:+UseSerialGC\", \"-XX:TieredStopAtLevel=1\", \"-Xmx256m\", \"-cp\", \"$jars\", \"org.apache.zookeeper.server.ZooKeeperServerMain\", \"/conf/zoo.cfg\"]" \
  --change 'VOLUME ["/data"]' --change 'EXPOSE 2181' - "$IMAGE" >/dev/null
say "$IMAGE is ready"
