#!/bin/bash
# Runs a command with the image of the container tests in the engine that answers.
#
#   scripts/test-image/with-zookeeper-image.sh COMMAND [ARGUMENT...]
#
# The image is built when it is missing, in about a minute, and then removed again: half a gigabyte is nothing to leave in
# somebody's engine unasked. Who wants to keep it runs build-zookeeper-image.sh first, or sets ONEBOX_DOCKER_ROOT.
# Exits with the command's status, or with 77 when the image cannot be built: then the command was not run.
set -u

export ONEBOX_TEST_ZOOKEEPER_IMAGE=${ONEBOX_TEST_ZOOKEEPER_IMAGE:-onebox-test-zookeeper:1}
# From here on a container test that cannot run has failed.
export ONEBOX_TEST_DOCKER=1

trap 'exit 143' INT TERM HUP
if ! timeout 20 docker image inspect "$ONEBOX_TEST_ZOOKEEPER_IMAGE" >/dev/null 2>&1; then
  [ -n "${ONEBOX_DOCKER_ROOT:-}" ] ||
    trap 'timeout 60 docker image rm --force "$ONEBOX_TEST_ZOOKEEPER_IMAGE" >/dev/null 2>&1' EXIT
  "$(dirname "$0")/build-zookeeper-image.sh" || exit
fi
"$@"
