#!/bin/bash
# As the official image's: ZOO_* becomes zoo.cfg.
set -e
{
  echo "dataDir=/data"
  echo "dataLogDir=/datalog"
  echo "tickTime=${ZOO_TICK_TIME:-2000}"
  echo "initLimit=${ZOO_INIT_LIMIT:-5}"
  echo "syncLimit=${ZOO_SYNC_LIMIT:-2}"
  echo "autopurge.snapRetainCount=${ZOO_AUTOPURGE_SNAPRETAINCOUNT:-3}"
  echo "autopurge.purgeInterval=${ZOO_AUTOPURGE_PURGEINTERVAL:-0}"
  echo "maxClientCnxns=${ZOO_MAX_CLIENT_CNXNS:-60}"
  echo "admin.enableServer=${ZOO_ADMINSERVER_ENABLED:-true}"
  if [ -n "$ZOO_SERVERS" ]; then
    for server in $ZOO_SERVERS; do echo "$server"; done
  else
    echo "clientPort=2181"
  fi
} >/tmp/zoo.cfg
[ -z "$ZOO_MY_ID" ] || echo "$ZOO_MY_ID" >/data/myid
# shellcheck disable=SC2086 # options, to be split
exec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 ${JVMFLAGS:-} -cp '/conf:/opt/lib/*' org.apache.zookeeper.server.quorum.QuorumPeerMain /tmp/zoo.cfg
