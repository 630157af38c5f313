#!/bin/bash
# Runs a command with the images of the container tests in the engine that answers: ZooKeeper, and the Debian it stands on.
#
#   scripts/test-image/with-zookeeper-image.sh COMMAND [ARGUMENT...]
#
# What is missing is built, in about a minute, and then removed again: half a gigabyte is nothing to leave in somebody's
# engine unasked. Who wants to keep it runs build-zookeeper-image.sh first, or sets ONEBOX_DOCKER_ROOT.
# Exits with the command's status, or with 77 when an image cannot be built: then the command was not run.
set -u

export ONEBOX_TEST_DEBIAN_IMAGE=${ONEBOX_TEST_DEBIAN_IMAGE:-onebox-test-debian:1}
export ONEBOX_TEST_ZOOKEEPER_IMAGE=${ONEBOX_TEST_ZOOKEEPER_IMAGE:-onebox-test-zookeeper:1}
# From here on a container test that cannot run has failed.
export ONEBOX_TEST_DOCKER=1

built=()
cleanup() {
  [ -n "${ONEBOX_DOCKER_ROOT:-}" ] || [ "${#built[@]}" = 0 ] ||
    timeout 60 docker image rm --force "${built[@]}" >/dev/null 2>&1
}
trap cleanup EXIT
trap 'exit 143' INT TERM HUP

# The first stands below the second.
for each in "debian $ONEBOX_TEST_DEBIAN_IMAGE" "zookeeper $ONEBOX_TEST_ZOOKEEPER_IMAGE"; do
  timeout 20 docker image inspect "${each#* }" >/dev/null 2>&1 && continue
  built=("${each#* }" "${built[@]}")
  "$(dirname "$0")/build-${each%% *}-image.sh" || exit
done
"$@"
