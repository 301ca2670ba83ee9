#!/usr/bin/env bash
# What the history costs: policy-history.sh [SECONDS [RATE [ROUNDS]]], after "mvn -DskipTests package".
# Starts "senderauth serve" without a history, with one in memory and with one in files, and asks them by turns as
# policy.sh does. HEAP=64m gives each of them another heap than 256 MiB. At the end it prints how many decisions each history
# lost, most of them in the warm-up.
set -euo pipefail
cd "$(dirname "$0")/.."
SECONDS_OF_ROUND=${1:-15} RATE=${2:-5000} ROUNDS=${3:-9}
JAVA=${JAVA:-java}
PORT=10931

work=$(mktemp -d)
services=()
trap 'kill "${services[@]}" ${service:-} 2>/dev/null || true; wait 2>/dev/null; rm -rf "$work"' EXIT
. benchmarks/policy-service.sh
targets=()
run() { # run NAME PORT [LISTENER] [SETTING]
    start "$@"
    services+=("$service")
    targets+=("$1:$2:$service")
}
run none "$PORT"
run memory "$((PORT + 2))" "control: \"unix:$work/control\", "
run files "$((PORT + 4))" "" 'history: {directory: history, max-megabytes: 8192}'
"$JAVA" -XX:+ExitOnOutOfMemoryError -Xmx1g -cp benchmarks/target/benchmarks.jar org.senderauth.benchmarks.PolicyTurns \
    200 "$RATE" "$SECONDS_OF_ROUND" "$ROUNDS" "${targets[@]}"
for target in "${targets[@]}"; do
    IFS=: read -r name port _ <<< "$target"
    curl -sf "http://127.0.0.1:$((port + 1))/metrics" | sed -n "s/^senderauth_history_decisions_dropped_total /$name lost, with the warm-up: /p"
done
