#!/usr/bin/env bash
# Responses per second of the SES zone over UDP (with DNS cookies) and TCP, and the processor time of each, next to NSD with
# the same names in a static zone and to a bare UDP echo in Java, in one run.
# After "mvn -DskipTests package", with the peers of .ci/peers. Everything runs on loopback, in a folder that is removed.
#   ses.sh [SECONDS]     three rounds of so many seconds for each server, by default 20
set -euo pipefail
cd "$(dirname "$0")"
SECONDS_EACH=${1:-20}
NAMES=10000
PORT_OURS=5391
PORT_NSD=5392
PORT_ECHO=5393
JAVA=${JAVA:-java}
WORK=$(mktemp -d)
PIDS=()
cleanup() {
    for pid in "${PIDS[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait
    rm -rf "$WORK"
}
trap cleanup EXIT

senderauth() {
    "$JAVA" -XX:+ExitOnOutOfMemoryError -jar ../cli/target/senderauth.jar "$@"
}

# The same signed names for both.
(umask 077 && echo "example.org hmac-sha1 80/2/10 weak:benchmark-benchmark" > "$WORK/keys")
for ((i = 1; i <= NAMES; i++)); do
    echo "{\"op\":\"sign\",\"address\":\"user$i@example.org\",\"secrets\":[\"benchmark-benchmark\"]}"
done > "$WORK/lines"
senderauth ses --batch "$WORK/lines" | sed 's/.*"address":"\([^@]*\)@.*/\1._spf_verify.example.org/' > "$WORK/names"
sed 's/$/ A/' "$WORK/names" > "$WORK/queries"
{
    echo "_spf_verify.example.org. 60 IN SOA ns1.example.org. hostmaster.example.org. 1 3600 600 86400 60"
    echo "_spf_verify.example.org. 3600 IN NS ns1.example.org."
    sed 's/$/. 60 IN A 127.0.0.2/' "$WORK/names"
} > "$WORK/zone"
cat > "$WORK/nsd.conf" <<END
server:
  ip-address: 127.0.0.1@$PORT_NSD
  server-count: $(nproc)
  reuseport: yes
  username: ""
  chroot: ""
  zonesdir: "$WORK"
  pidfile: "$WORK/nsd.pid"
  xfrdfile: "$WORK/xfrd.state"
  zonelistfile: "$WORK/zone.list"
  logfile: "$WORK/nsd.log"
  rrl-ratelimit: 0
  answer-cookie: yes
  tcp-count: 200
remote-control:
  control-enable: no
zone:
  name: _spf_verify.example.org
  zonefile: zone
END
nsd -d -c "$WORK/nsd.conf" &
PIDS+=($!)
"$JAVA" -XX:+ExitOnOutOfMemoryError ${JAVA_OPTIONS:-} -jar ../cli/target/senderauth.jar ses serve --keys "$WORK/keys" --ns ns1.example.org --rate 0 \
    --limit 2000000000 --listen 127.0.0.1:$PORT_OURS > "$WORK/serve.log" &
PIDS+=($!)
"$JAVA" -XX:+ExitOnOutOfMemoryError ${JAVA_OPTIONS:-} -cp target/classes org.senderauth.benchmarks.UdpEcho $PORT_ECHO &
PIDS+=($!)
for port in $PORT_OURS $PORT_NSD; do
    until dig +tries=1 +time=1 +short @127.0.0.1 -p $port "$(head -1 "$WORK/names")" A | grep -q '^127.0.0.2$'; do
        sleep 0.2
    done
done

# Processor time of a process and all that it started, so far, in seconds.
cpu() {
    local ticks=0 pids=("$1") child
    local stat
    while [ ${#pids[@]} -gt 0 ]; do
        # The name of the process may contain spaces: "(nsd: server 1)".
        stat=$(< "/proc/${pids[0]}/stat")
        # shellcheck disable=SC2086
        set -- ${stat##*) }
        ticks=$((ticks + ${12} + ${13}))
        for child in $(pgrep -P "${pids[0]}"); do pids+=("$child"); done
        pids=("${pids[@]:1}")
    done
    echo "$ticks $(getconf CLK_TCK)" | awk '{ print $1 / $2 }'
}

ask() { # ask NAME PORT PID OPTION...
    local name=$1 port=$2 pid=$3 before
    shift 3
    before=$(cpu "$pid")
    dnsperf -s 127.0.0.1 -p "$port" -d "$WORK/queries" -l "$SECONDS_EACH" -c 16 -T 1 -q 200 "$@" > "$WORK/dnsperf" 2>&1
    awk -v name="$name" -v cpu="$(cpu "$pid")" -v before="$before" '
        /Queries completed:/ { completed = $3 }
        /Queries lost:/ { lost = $3 }
        /Queries per second:/ { rate = $4 }
        /Response codes:/ { codes = $0; sub(/.*: */, "", codes) }
        END {
            printf "%-16s %8.0f answers/s  %5.1f us of processor time each  %d lost, %s\n",
                name, rate, (cpu - before) * 1e6 / completed, lost, codes
        }' "$WORK/dnsperf"
}
COOKIE=(-E 10:2464c4abcf10c957)
TCP=(-m tcp)
ask "(warm-up)" $PORT_OURS "${PIDS[1]}" "${COOKIE[@]}"
ask "(warm-up)" $PORT_OURS "${PIDS[1]}" "${TCP[@]}"
for round in 1 2 3; do
    ask "echo UDP" $PORT_ECHO "${PIDS[2]}" "${COOKIE[@]}"
    ask "senderauth UDP" $PORT_OURS "${PIDS[1]}" "${COOKIE[@]}"
    ask "NSD UDP" $PORT_NSD "${PIDS[0]}" "${COOKIE[@]}"
    ask "senderauth TCP" $PORT_OURS "${PIDS[1]}" "${TCP[@]}"
    ask "NSD TCP" $PORT_NSD "${PIDS[0]}" "${TCP[@]}"
done
