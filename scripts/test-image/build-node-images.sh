#!/bin/bash
# Builds what the product's own image stands on in the tests, without a registry: Debian (build-debian-image.sh) with the Node
# of this machine, and the same with npm and, from npm's cache here, the packages of package-lock.json: a build needs no network.
#
#   scripts/test-image/build-node-images.sh NODE_IMAGE BUILD_IMAGE
#
# Needs an engine that answers; exits with 77 when Debian cannot be had.
set -eu

here=$(realpath "$(dirname "$0")")
debian=${ONEBOX_TEST_DEBIAN_IMAGE:-onebox-test-debian:1}
node_image=$1
build_image=$2

docker image inspect "$debian" >/dev/null 2>&1 || "$here/build-debian-image.sh"

work=$(mktemp -d "${TMPDIR:-/tmp}/onebox-image.XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 143' INT TERM HUP

# The real files behind links, as tar -h packs them.
build() { tar -C "$work/$1" -ch . | DOCKER_BUILDKIT=0 docker build --quiet --tag "$2" - >/dev/null; }

mkdir "$work/node" "$work/build"
ln -s "$(node -p process.execPath)" "$work/node/node"
cat >"$work/node/Dockerfile" <<DOCKERFILE
FROM $debian
COPY node /usr/local/bin/node
DOCKERFILE
build node "$node_image"

ln -s "$(npm root -g)/npm" "$work/build/npm-files"
printf '#!/bin/sh\nexec node /opt/npm/bin/npm-cli.js "$@"\n' >"$work/build/npm"
chmod +x "$work/build/npm"
registry=$(npm config get registry)
if ! node "$here/lockfile-packages.mjs" "$(npm config get cache)" "$work/build/cache" "$registry"; then
  # npm fills a cache of its own with exactly what it needs.
  mkdir "$work/project"
  (cd "$here/../.." && tar -c package.json package-lock.json packages/*/package.json) | tar -C "$work/project" -x
  (cd "$work/project" && npm ci --ignore-scripts --no-audit --no-fund --cache "$work/build/cache" >/dev/null)
fi
cat >"$work/build/Dockerfile" <<DOCKERFILE
FROM $node_image
COPY npm /usr/local/bin/npm
COPY npm-files /opt/npm
COPY cache /root/.npm
ENV npm_config_offline=true npm_config_registry=$registry
DOCKERFILE
build build "$build_image"
