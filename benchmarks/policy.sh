#!/usr/bin/env bash
# Load on the policy service: policy.sh [SECONDS [RATE [CONNECTIONS]]], after "mvn -DskipTests package".
# HEAP=64m gives the service another heap than 256 MiB; LIST=100000 an exempt list of so many addresses from a file.
# HISTORY=files keeps the decisions in files, HISTORY=memory in memory; run them in turn with the plain one to compare.
# Starts "senderauth serve" with a zone in memory, asks it, and tells its heap after each minute's last collection.
set -euo pipefail
cd "$(dirname "$0")/.."
SECONDS_OF_LOAD=${1:-60} RATE=${2:-5000} CONNECTIONS=${3:-200}
JAVA=${JAVA:-java}
PORT=10931

work=$(mktemp -d)
service=
trap 'kill "$service" 2>/dev/null || true; wait 2>/dev/null; rm -rf "$work"' EXIT
cat > "$work/zone" <<'END'
example.net.                    300 IN TXT "v=spf1 include:_spf.example.net -all"
_spf.example.net.               300 IN TXT "v=spf1 ip4:192.0.2.0/24 ~all"
mail.example.net.               300 IN A   192.0.2.1
mail.example.net.               300 IN TXT "v=spf1 a -all"
_client._smtp.mail.example.net. 300 IN SRV 1 2 1 mail.example.net.
END
cat > "$work/senderauth.yaml" <<END
hostname: mx.example.org
domains: [example.org]
dns: {zones: [zone]}
listen: {policy: "inet:127.0.0.1:$PORT", http: "127.0.0.1:$((PORT + 1))"}
steps: {csv: {mode: enforce}, spf-helo: {mode: monitor}, spf: {mode: enforce}, batv: {mode: enforce}}
batv: {key-file: batv.key}
END
if [ -n "${LIST:-}" ]; then
    seq -f 'user%.0f@sub.example.com' "$LIST" > "$work/exempt"
    printf 'exempt: {recipients: [file:exempt]}\n' >> "$work/senderauth.yaml"
fi
case "${HISTORY:-}" in
    files) printf 'history: {directory: history, max-megabytes: 8192}\n' >> "$work/senderauth.yaml" ;;
    memory) sed -i "s#^listen: {#listen: {control: \"unix:$work/control\", #" "$work/senderauth.yaml" ;;
esac
(umask 077 && head -c 20 /dev/urandom > "$work/batv.key")

# A line for each decision goes to standard output: it is read and thrown away here.
"$JAVA" -XX:+ExitOnOutOfMemoryError "-Xmx${HEAP:-256m}" "-Xlog:gc:file=$work/gc.log:uptime" -jar cli/target/senderauth.jar \
    serve --config "$work/senderauth.yaml" > >(grep -q '^ready' && touch "$work/ready"; exec cat > /dev/null) &
service=$!
for _ in $(seq 300); do
    [ -e "$work/ready" ] && break
    kill -0 "$service"
    sleep 0.1
done
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
     END { for (i = 0; i in last || i < 30; i++) if (i in last) printf " %s", last[i]; print "" }' "$work/gc.log"
