#!/bin/bash
# As the official image's: BK_name=value becomes name=value, an empty ZooKeeper is prepared, then the bookie runs.
set -e
conf=/opt/bookkeeper/conf/bk_server.conf
export BK_bookiePort=${BK_bookiePort:-3181}
export BK_journalDirectory=${BK_journalDirectory:-/data/bookkeeper/journal}
export BK_ledgerDirectories=${BK_ledgerDirectories:-/data/bookkeeper/ledgers}
env | sed -n 's/^BK_\([a-zA-Z]*\)=/\1=/p' >"$conf"
mkdir -p "$BK_journalDirectory" "$BK_ledgerDirectories"
server=${BK_zkServers%%,*}
until nc -z "${server%:*}" "${server#*:}"; do sleep 0.2; done
run=(java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '/opt/bookkeeper/conf:/opt/bookkeeper/lib/*')
# Fails where another bookie was first.
"${run[@]}" -Xmx64m org.apache.bookkeeper.bookie.BookieShell -conf "$conf" initnewcluster || true
# shellcheck disable=SC2086 # options, to be split
exec "${run[@]}" ${BOOKIE_MEM_OPTS:-} org.apache.bookkeeper.server.Main --conf "$conf"
