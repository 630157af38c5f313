#!/bin/sh
# The first process of the container, which becomes `onebox`:
#
#   (nothing), -r 5 --timing upstream …   `onebox start --foreground` with these options, and those in ONEBOX_OPTIONS
#   status, exec -- CMD …                 that command
#
# ONEBOX_BIND and ONEBOX_ADVERTISE are the addresses to listen on and to show; ONEBOX_OPTIONS is for those who can give a
# container an environment, but no arguments (the services of CI systems).
set -eu

case ${1:--} in
  -*) ;;
  *) exec onebox "$@" ;;
esac

# A volume is there to keep the cluster; without one its state would only pile up in the container.
ephemeral=--ephemeral
while read -r _device mounted_on _rest; do
  [ "$mounted_on" != "$ONEBOX_HOME" ] || ephemeral=
done </proc/self/mounts

# ONEBOX_OPTIONS is a list of words: it is to be split.
# shellcheck disable=SC2086
exec onebox start --foreground $ephemeral --zookeeper embedded \
  --bind "${ONEBOX_BIND:-0.0.0.0}" --advertise "${ONEBOX_ADVERTISE:-127.0.0.1}" ${ONEBOX_OPTIONS:-} "$@"
