#!/bin/sh
# Labels nodes, deploys, runs the grid of the original experiment, collects, compares the replicas. See experiment.md.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
servers='' clients='' out=results read_rates='0 50 100' client_counts='2 4 8 16 32 64' duration=90 warm_up=30 pause=45 registry='' keep='' dry=''

usage() {
  echo "usage: experiment.sh --servers 'NODE…' --clients 'NODE…' [--out DIR] [--read-rates '0 50 100'] [--client-counts '2 4 8 16 32 64']"
  echo "       [--duration SECONDS] [--warm-up SECONDS] [--pause SECONDS] [--registry PREFIX] [--keep] [--dry-run]"
}
while [ $# -gt 0 ]; do
  case $1 in
    --keep) keep=yes; shift; continue ;;
    --dry-run) dry=yes; shift; continue ;;
    -h | --help) usage; exit 0 ;;
  esac
  [ $# -ge 2 ] || { usage >&2; exit 2; }
  case $1 in
    --servers) servers=$2 ;;
    --clients) clients=$2 ;;
    --out) out=$2 ;;
    --read-rates) read_rates=$2 ;;
    --client-counts) client_counts=$2 ;;
    --duration) duration=$2 ;;
    --warm-up) warm_up=$2 ;;
    --pause) pause=$2 ;;
    --registry) registry=${2%/}/ ;;
    *) usage >&2; exit 2 ;;
  esac
  shift 2
done
[ -n "$servers" ] && [ -n "$clients" ] || { usage >&2; exit 2; }
[ -n "$dry" ] || command -v kubectl >/dev/null || { echo "experiment.sh: there is no kubectl here" >&2; exit 1; }

k() {
  if [ -n "$dry" ]; then echo "kubectl $*"; else kubectl "$@"; fi
}

# The Job of k8s/load with other arguments.
load_job() { # READ-RATE CLIENTS
  sed -e "s|args: \[bench.*|args: [bench, \"--address\", hermes, \"--port\", \"8000\", \"--read-rate\", \"$1\", \"--n-processes\", \"$2\", \"--thinking-time\", \"0\",|" \
    -e "s|\"--warm-up\", .*|\"--warm-up\", \"$warm_up\", \"--duration\", \"$duration\"]|" \
    -e "s|image: hermes\$|image: ${registry}hermes:0.1|" \
    -e 's|^      restartPolicy: Never|      nodeSelector: {role: client}\n&|' "$root/k8s/load/job.yaml"
}

for node in $servers; do k label node "$node" role=server --overwrite; done
for node in $clients; do k label node "$node" role=client --overwrite; done

# The images by the names that the nodes know them by; the overlay itself stays as it is.
deploy() {
  if [ -z "$registry" ]; then
    k apply -k "$root/k8s/overlays/experiment"
  elif [ -n "$dry" ]; then
    echo "kubectl kustomize $root/k8s/overlays/experiment, with images from $registry | kubectl apply -f -"
  else
    kubectl kustomize "$root/k8s/overlays/experiment" | images | kubectl apply -f -
  fi
}
images() { sed -E "s#(image: )((hermes|log-app):0\.1)\$#\1$registry\2#"; }

deploy
# Its own load comes from here, point by point.
k delete job load --ignore-not-found
k rollout status --timeout=5m statefulset/kafka
k rollout status --timeout=5m statefulset/replica
k rollout status --timeout=5m deployment/ingress

# What an earlier run left there says nothing of this one.
[ -n "$dry" ] || rm -f "$out/failed"
for rate in $read_rates; do
  [ -n "$dry" ] || mkdir -p "$out/$rate"
  for count in $client_counts; do
    echo "read rate $rate, $count clients"
    if [ -n "$dry" ]; then
      load_job "$rate" "$count"
      continue
    fi
    load_job "$rate" "$count" | kubectl apply -f -
    # Done or failed: a failed point keeps its report and is seen at the end.
    until [ -n "$(kubectl get job load -o jsonpath='{.status.succeeded}{.status.failed}')" ]; do sleep 2; done
    kubectl logs job/load >"$out/$rate/$count.txt"
    [ -n "$(kubectl get job load -o jsonpath='{.status.succeeded}')" ] || echo "failed: $out/$rate/$count.txt" | tee -a "$out/failed"
    kubectl delete job load
    sleep "$pause"
  done
done

if [ -z "$dry" ]; then
  # Everything that was ordered is applied everywhere before the copies are compared.
  kubectl wait --for=condition=Ready --timeout=5m pod -l app.kubernetes.io/name=hermes,app.kubernetes.io/component=replica
  sleep 5
  for replica in 0 1 2; do
    kubectl exec "replica-$replica" -c app -- cat /var/lib/app/data/operations.log >"$out/operations-$replica.log"
  done
  cmp "$out/operations-0.log" "$out/operations-1.log"
  cmp "$out/operations-0.log" "$out/operations-2.log"
  echo "the replicas' files are identical: $(wc -l <"$out/operations-0.log") lines"
fi

if [ -z "$keep" ]; then
  k delete -k "$root/k8s/overlays/experiment" --ignore-not-found
  k delete pvc -l 'app.kubernetes.io/name in (hermes, kafka)' --ignore-not-found
fi
[ ! -f "$out/failed" ]
