#!/usr/bin/env bash
# Load on the policy service: policy.sh [SECONDS [RATE [CONNECTIONS]]], after "mvn -DskipTests package".
# HEAP=64m gives the service another heap than 256 MiB; LIST=100000 an exempt list of so many addresses from a file.
# Starts "senderauth serve" with a zone in memory, asks it, and tells its heap after each minute's last collection.
set -euo pipefail
cd "$(dirname "$0")/.."
SECONDS_OF_LOAD=${1:-60} RATE=${2:-5000} CONNECTIONS=${3:-200}
JAVA=${JAVA:-java}
PORT=10931

work=$(mktemp -d)
service=
trap 'kill "$service" 2>/dev/null || true; wait 2>/dev/null; rm -rf "$work"' EXIT
. benchmarks/policy-service.sh
setting=
if [ -n "${LIST:-}" ]; then
    seq -f 'user%.0f@sub.example.com' "$LIST" > "$work/exempt"
    setting='exempt: {recipients: [file:exempt]}'
fi
start plain "$PORT" "" "$setting"
load() { "$JAVA" -XX:+ExitOnOutOfMemoryError -Xmx512m -cp benchmarks/target/benchmarks.jar org.senderauth.benchmarks.PolicyLoad "$@"; }
# Slowly, for a minute: at 5,000 a second from the start, two cores have no time left to compile, and stay slow.
echo "warming up"
load "$PORT" 50 1500 60 > /dev/null
echo "load average before: $(cut -d' ' -f1-3 /proc/loadavg)"
# In hundredths of a second: what the service has used in its own code and in the kernel (proc(5), stat).
used() { awk '{ print $14 + $15 }' "/proc/$service/stat"; }
before=$(used)
load "$PORT" "$CONNECTIONS" "$RATE" "$SECONDS_OF_LOAD"
awk -v used=$(($(used) - before)) -v asked=$((RATE * SECONDS_OF_LOAD)) \
    'BEGIN { printf "CPU time of the service: %.0f microseconds a decision\n", used * 10000 / asked }'
echo "load average after: $(cut -d' ' -f1-3 /proc/loadavg)"
echo "resident now: $(ps -o rss= -p "$service") KiB," \
    "peak: $(awk '/VmHWM/ { print $2 }' "/proc/$service/status") KiB"
echo "heap after the last collection of each minute:"
awk '{ if (match($0, /[0-9]+M->[0-9]+M/)) { split(substr($0, RSTART, RLENGTH), m, "->")
         t = $0; sub(/^\[/, "", t); last[int(t / 60)] = m[2] } }
     END { for (i = 0; i in last || i < 30; i++) if (i in last) printf " %s", last[i]; print "" }' "$work/plain.gc"
