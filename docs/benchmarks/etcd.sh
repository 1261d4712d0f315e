#!/bin/bash
# Hermes beside a three-node etcd, in turn, with wrk: docs/benchmarks/etcd.sh [SECONDS [ROUNDS]]   (needs wrk and etcd; run from the root)
set -eu
seconds=${1:-12} rounds=${2:-3}
work=$(mktemp -d)
children=()
end() { kill "${children[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"; }
trap end EXIT

cat > "$work/insert.lua" <<'LUA'
wrk.method = "POST"
wrk.path = "/insert"
wrk.body = string.rep("A", 128)
LUA
cat > "$work/put.lua" <<'LUA'
-- key "benchmark", 128 bytes of A
wrk.method = "POST"
wrk.path = "/v3/kv/put"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"key":"YmVuY2htYXJr","value":"' .. string.rep("QUFB", 42) .. 'QUE="}'
LUA

cluster="n0=http://127.0.0.1:23800,n1=http://127.0.0.1:23801,n2=http://127.0.0.1:23802"
for i in 0 1 2; do
  etcd --name "n$i" --data-dir "$work/etcd-$i" --logger zap --log-level error \
    --listen-client-urls "http://127.0.0.1:2379$i" --advertise-client-urls "http://127.0.0.1:2379$i" \
    --listen-peer-urls "http://127.0.0.1:2380$i" --initial-advertise-peer-urls "http://127.0.0.1:2380$i" \
    --initial-cluster "$cluster" > "$work/etcd-$i.out" 2>&1 &
  children+=($!)
done
demo() { # name port options…
  name=$1 port=$2; shift 2
  ./hermes demo --data-dir "$work/$name" --port "$port" --admin-port $((port + 1000)) "$@" > "$work/$name.out" 2>&1 &
  children+=($!)
  until grep -q '^ready' "$work/$name.out"; do sleep 0.2; done
}
demo topic 8710
demo direct 8730 --set replies.via=direct

measure() { # what connections url script
  wrk -t1 -c"$2" -d"${seconds}s" --latency -s "$4" "$3" > "$work/wrk.out"
  awk -v what="$1" -v connections="$2" '
    /Requests\/sec/ {rate = $2} $1 == "50%" {p50 = $2} $1 == "99%" {p99 = $2} /Non-2xx/ {bad = $NF}
    END {printf "%s, %s connections: %s/s, p50 %s, p99 %s, not 2xx %d\n", what, connections, rate, p50, p99, bad}' "$work/wrk.out"
}
echo "warming up, a minute each"
for port in 8710 8730; do wrk -t1 -c64 -d60s -s "$work/insert.lua" "http://127.0.0.1:$port" > "$work/wrk.out"; done
wrk -t1 -c64 -d10s -s "$work/put.lua" "http://127.0.0.1:23790" > "$work/wrk.out"
for connections in 64 1; do
  for ((round = 1; round <= rounds; round++)); do
    # Which node leads is chance, so each is asked in turn.
    measure etcd "$connections" "http://127.0.0.1:2379$(((round - 1) % 3))" "$work/put.lua"
    measure "replies by topic" "$connections" http://127.0.0.1:8710 "$work/insert.lua"
    measure "direct replies" "$connections" http://127.0.0.1:8730 "$work/insert.lua"
  done
done
