#!/usr/bin/env bash
# Decisions while greedy and slow clients flood the web pages: web.sh [ROUNDS [SECONDS [RATE]]], after "mvn -DskipTests
# package". Starts one "senderauth serve" with the pages and a history in memory. Each round has two parts of SECONDS each, in
# turn the first: decisions at RATE a second alone, and the same with REQUESTS / ROUNDS requests of a greedy client (32
# connections) and 60 slow ones at the port of the pages. The clients of the pages run at low priority, so that only the
# service's own work counts. Prints each part, and at the end the medians with their ratio.
set -euo pipefail
cd "$(dirname "$0")/.."
ROUNDS=${1:-6} SECONDS_OF_LOAD=${2:-40} RATE=${3:-1000} REQUESTS=${REQUESTS:-10000}
JAVA=${JAVA:-java}
PORT=10951

work=$(mktemp -d)
service=
flood=
trap 'kill $flood $service 2>/dev/null || true; wait 2>/dev/null; rm -rf "$work"' EXIT
cat > "$work/zone" <<'END'
example.net.                    300 IN TXT "v=spf1 include:_spf.example.net -all"
_spf.example.net.               300 IN TXT "v=spf1 ip4:192.0.2.0/24 ~all"
mail.example.net.               300 IN A   192.0.2.1
mail.example.net.               300 IN TXT "v=spf1 a -all"
END
cat > "$work/senderauth.yaml" <<END
hostname: mx.example.org
domains: [example.org]
dns: {zones: [zone]}
listen: {policy: "inet:127.0.0.1:$PORT", web: "127.0.0.1:$((PORT + 1))"}
web: {token-file: web.token}
steps: {spf-helo: {mode: monitor}, spf: {mode: enforce}}
END
(umask 077 && head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' > "$work/web.token")

"$JAVA" -XX:+ExitOnOutOfMemoryError -Xmx256m -jar cli/target/senderauth.jar \
    serve --config "$work/senderauth.yaml" > >(grep -q '^ready' && touch "$work/ready"; exec cat > /dev/null) &
service=$!
for _ in $(seq 300); do
    [ -e "$work/ready" ] && break
    kill -0 "$service"
    sleep 0.1
done
benchmark() { # benchmark CLASS ARGUMENTS
    local class=$1
    shift
    "$JAVA" -XX:+ExitOnOutOfMemoryError -Xmx256m -cp benchmarks/target/benchmarks.jar "org.senderauth.benchmarks.$class" "$@"
}
decisions() { benchmark PolicyLoad "$PORT" 50 "$RATE" "$SECONDS_OF_LOAD"; }
alone() {
    decisions | sed 's/^/without: /' | tee -a "$work/without"
}
flooded() {
    (exec nice -n 19 "$JAVA" -XX:+ExitOnOutOfMemoryError -Xmx256m -cp benchmarks/target/benchmarks.jar \
        org.senderauth.benchmarks.WebFlood \
        "$((PORT + 1))" "$work/web.token" "$((REQUESTS / ROUNDS + 1))" 32 60 "$SECONDS_OF_LOAD") > "$work/flood" &
    flood=$!
    decisions | sed 's/^/with:    /' | tee -a "$work/with"
    wait "$flood"
    flood=
    sed 's/^/         /' "$work/flood"
}
# Slowly, as in policy.sh.
echo "warming up"
benchmark PolicyLoad "$PORT" 50 1500 60 > /dev/null
for round in $(seq "$ROUNDS"); do
    echo "round $round, load average $(cut -d' ' -f1 /proc/loadavg)"
    if [ $((round % 2)) = 1 ]; then
        alone
        flooded
    else
        flooded
        alone
    fi
done
median() { # median FILE WORD: of the numbers after the word
    sed -n "s/.*[ :]$2 \([0-9.]*\)[,;].*/\1/p" "$1" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
for quantile in median 99%; do
    awk -v name="$quantile" -v without="$(median "$work/without" "$quantile")" -v with="$(median "$work/with" "$quantile")" \
        'BEGIN { printf "%s of the decisions, median of the rounds: %.2f ms without, %.2f ms with, ratio %.2f\n", name, without, with, with / without }'
done
