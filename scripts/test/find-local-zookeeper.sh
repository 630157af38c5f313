#!/bin/bash
# Says whether tests can run Apache ZooKeeper from this machine: exits with 1 and prints why not. Looks where
# packages/cluster/src/zookeeper-provider does.
set -u
shopt -s nullglob

no() {
  echo "$*"
  exit 1
}

PATH=${JAVA_HOME:+$JAVA_HOME/bin:}$PATH command -v java >/dev/null || no "there is no java"
if [ -n "${ZOOKEEPER_HOME:-}" ]; then
  directories=("$ZOOKEEPER_HOME" "$ZOOKEEPER_HOME/lib")
else
  directories=(/usr/share/java /usr/share/zookeeper/lib /usr/lib/zookeeper/lib /opt/zookeeper/lib
    /opt/homebrew/opt/zookeeper/libexec/lib /usr/local/opt/zookeeper/libexec/lib)
fi
for directory in "${directories[@]}"; do
  for jar in "$directory"/zookeeper.jar "$directory"/zookeeper-[0-9]*.jar; do
    [ -e "$jar" ] && exit 0
  done
done
no "Apache ZooKeeper is not on this machine"
