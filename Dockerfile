# A whole cluster in a container: servers, an embedded ZooKeeper and the command. How to use it: docs/docker.md.
#
#   docker build -t pegasus-onebox --build-arg ONEBOX_COMMIT="$(git rev-parse HEAD)" .
#
# NODE_IMAGE   what it stands on: Node 20 or newer and a POSIX shell, glibc or musl
# BUILD_IMAGE  what builds it: the same Node, and npm. The build takes packages from npm's registry, and nothing else.
ARG NODE_IMAGE=node:20-bookworm-slim
ARG BUILD_IMAGE=${NODE_IMAGE}

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY . .
# As /version shows it: there is no .git to ask in here.
ARG ONEBOX_COMMIT=
RUN npm ci --ignore-scripts --no-audit --no-fund --prefer-offline \
 && node scripts/build/build.mjs \
 && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
 # The bundles hold our own packages. Of the profiler's native parts only those for this Node on Linux are of use.
 && rm -rf node_modules/@onebox node_modules/.cache \
 && find node_modules/@datadog/pprof/prebuilds -name '*.node' ! -path "*/linux-*abi$(node -p process.versions.modules).node" -delete \
 && mkdir /out \
 && mv bin dist node_modules onebox.ini docker-compose.yml package.json LICENSE README.md scripts/image/entrypoint.sh /out/

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="Pegasus onebox" \
      org.opencontainers.image.description="A Pegasus cluster in a container: real processes, the real HTTP and RPC interfaces" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /out /opt/onebox
# Whatever user it is run as may keep a cluster there.
RUN mkdir -p /var/lib/onebox && chmod 1777 /var/lib/onebox
ENV PATH=/opt/onebox/bin:$PATH NODE_ENV=production HOME=/tmp \
    ONEBOX_HOME=/var/lib/onebox \
    ONEBOX_BIND=0.0.0.0 \
    ONEBOX_ADVERTISE=127.0.0.1
USER 1000:1000
WORKDIR /var/lib/onebox
EXPOSE 34601-34603 34801-34803 34101
HEALTHCHECK --interval=3s --timeout=5s --start-period=30s --retries=3 CMD ["onebox", "status"]
ENTRYPOINT ["/opt/onebox/entrypoint.sh"]
