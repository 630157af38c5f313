#!/bin/bash
# Says whether the container tests can run here: prints the image to use, or exits with 1 and prints why not.
set -u

no() {
  echo "$*"
  exit 1
}

command -v docker >/dev/null || no "there is no docker client"
timeout 5 docker version >/dev/null 2>&1 || no "no Docker engine answers"
timeout 5 docker compose version >/dev/null 2>&1 || command -v docker-compose >/dev/null ||
  no "there is neither \`docker compose\` nor \`docker-compose\`"
# Our own image, else the one of docker-compose.yml when somebody pulled it.
for image in "${ONEBOX_TEST_ZOOKEEPER_IMAGE:-onebox-test-zookeeper:1}" zookeeper:3.9.3; do
  if timeout 10 docker image inspect "$image" >/dev/null 2>&1; then
    echo "$image"
    exit 0
  fi
done
no "the Docker engine has no ZooKeeper image (scripts/test-image/build-zookeeper-image.sh builds one)"
