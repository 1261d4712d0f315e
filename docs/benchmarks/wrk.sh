#!/bin/bash
# Measures the demo with wrk: requests/s, latency, and CPU microseconds per request by process.
# Usage: docs/benchmarks/wrk.sh [SECONDS [demo options…]]   (needs wrk; run from the repository's root)
set -eu
seconds=${1:-20}
[ $# -eq 0 ] || shift
port=8700 admin=9700 work=$(mktemp -d)
cat > "$work/post.lua" <<'LUA'
wrk.method = "POST"
wrk.path = "/insert"
wrk.body = string.rep("A", 128)
LUA

ticks() { # of each process of the demo, by kind
  for kind in broker ingress applier app; do
    case $kind in
      broker) files=$(ls "$work"/data/broker-*/pid) ;;
      ingress) files=$(ls "$work"/data/ingress-*/pid) ;;
      *) files=$(ls "$work"/data/replica-*/$kind/pid) ;;
    esac
    sum=0
    for file in $files; do
      read -r _ _ _ _ _ _ _ _ _ _ _ _ _ user system _ < "/proc/$(cat "$file")/stat"
      sum=$((sum + user + system))
    done
    echo "$kind $sum"
  done
}

measure() { # name connections wrk-arguments…
  name=$1 connections=$2; shift 2
  ticks > "$work/before"
  wrk -t1 -c"$connections" -d"${seconds}s" --latency "$@" > "$work/wrk.out"
  ticks > "$work/after"
  requests=$(awk '/requests in/ {print $1}' "$work/wrk.out")
  rate=$(awk '/Requests\/sec/ {print $2}' "$work/wrk.out")
  p50=$(awk '$1 == "50%" {print $2}' "$work/wrk.out")
  p99=$(awk '$1 == "99%" {print $2}' "$work/wrk.out")
  bad=$(awk '/Non-2xx/ {print $NF}' "$work/wrk.out")
  cpu=$(paste "$work/before" "$work/after" |
    awk -v n="$requests" -v hz="$(getconf CLK_TCK)" '{printf "%s %.0f  ", $1, ($4 - $2) / hz * 1e6 / n}')
  echo "$name  $connections connections: $rate/s, p50 $p50, p99 $p99, not 2xx ${bad:-0}; CPU µs/request: $cpu"
}

./hermes log-server --port $((port + 1)) --file "$work/alone.log" > "$work/alone.out" 2>&1 &
alone=$!
./hermes demo --data-dir "$work/data" --port $port --admin-port $admin "$@" > "$work/demo.out" 2>&1 &
demo=$!
trap 'kill $alone $demo 2>/dev/null || true; wait $demo 2>/dev/null || true; rm -rf "$work"' EXIT
until grep -q '^ready' "$work/demo.out"; do
  kill -0 $demo || { cat "$work/demo.out"; exit 1; }
  sleep 0.2
done
grep '^ready' "$work/demo.out"
echo "app alone, POST 64 connections: $(wrk -t1 -c64 -d5s -s "$work/post.lua" http://127.0.0.1:$((port + 1)) | awk '/Requests\/sec/ {print $2}')/s"
echo "app alone, POST 1 connection: $(wrk -t1 -c1 -d5s --latency -s "$work/post.lua" http://127.0.0.1:$((port + 1)) | awk '$1 == "50%" {p = $2} /Requests\/sec/ {print $2 "/s, p50 " p}')"
kill $alone
echo "warming up for 60 s"
wrk -t1 -c64 -d60s -s "$work/post.lua" http://127.0.0.1:$port > /dev/null
measure POST 64 -s "$work/post.lua" http://127.0.0.1:$port
measure POST 16 -s "$work/post.lua" http://127.0.0.1:$port
measure POST 1 -s "$work/post.lua" http://127.0.0.1:$port
measure GET 64 http://127.0.0.1:$port/line/5
cmp "$work/data/replica-0/app/operations.log" "$work/data/replica-1/app/operations.log"
cmp "$work/data/replica-0/app/operations.log" "$work/data/replica-2/app/operations.log"
echo "replicas' files are identical: $(wc -l < "$work/data/replica-0/app/operations.log") lines"
