#!/bin/bash
# Both logs in one run, each with three servers: docs/benchmarks/logs.sh [SECONDS]   (needs wrk; run from the repository's root)
set -eu
seconds=${1:-15}
here=$(dirname "$0")
for options in "--brokers 3" "--brokers 3 --set replies.via=direct" "--backend bookkeeper"; do
  echo "== demo $options"
  # shellcheck disable=SC2086 # options are words
  "$here/wrk.sh" "$seconds" $options
done
