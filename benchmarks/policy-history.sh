#!/usr/bin/env bash
# What the history costs: policy-history.sh [SECONDS [RATE [ROUNDS]]], after "mvn -DskipTests package".
# Starts "senderauth serve" without a history, with one in memory and with one in files, and asks them by turns as
# policy.sh does. HEAP=64m gives each of them another heap than 256 MiB.
set -euo pipefail
cd "$(dirname "$0")/.."
SECONDS_OF_ROUND=${1:-15} RATE=${2:-5000} ROUNDS=${3:-9}
JAVA=${JAVA:-java}
PORT=10931

work=$(mktemp -d)
services=()
trap 'kill "${services[@]}" 2>/dev/null || true; wait 2>/dev/null; rm -rf "$work"' EXIT
cat > "$work/zone" <<'END'
example.net.                    300 IN TXT "v=spf1 include:_spf.example.net -all"
_spf.example.net.               300 IN TXT "v=spf1 ip4:192.0.2.0/24 ~all"
mail.example.net.               300 IN A   192.0.2.1
mail.example.net.               300 IN TXT "v=spf1 a -all"
_client._smtp.mail.example.net. 300 IN SRV 1 2 1 mail.example.net.
END
(umask 077 && head -c 20 /dev/urandom > "$work/batv.key")
targets=()
for name in none memory files; do
    port=$((PORT + 2 * ${#services[@]}))
    control= history=
    [ "$name" = memory ] && control="control: \"unix:$work/control\", "
    [ "$name" = files ] && history='history: {directory: history, max-megabytes: 8192}'
    cat > "$work/$name.yaml" <<END
hostname: mx.example.org
domains: [example.org]
dns: {zones: [zone]}
listen: {${control}policy: "inet:127.0.0.1:$port", http: "127.0.0.1:$((port + 1))"}
steps: {csv: {mode: enforce}, spf-helo: {mode: monitor}, spf: {mode: enforce}, batv: {mode: enforce}}
batv: {key-file: batv.key}
$history
END
    # A line for each decision goes to standard output: it is read and thrown away here.
    "$JAVA" -XX:+ExitOnOutOfMemoryError "-Xmx${HEAP:-256m}" "-Xlog:gc:file=$work/$name.gc:uptime" \
        -jar cli/target/senderauth.jar serve --config "$work/$name.yaml" \
        > >(grep -q '^ready' && touch "$work/$name.ready"; exec cat > /dev/null) &
    services+=($!)
    targets+=("$name:$port:$!")
    for _ in $(seq 300); do
        [ -e "$work/$name.ready" ] && break
        kill -0 "${services[-1]}"
        sleep 0.1
    done
done
"$JAVA" -XX:+ExitOnOutOfMemoryError -Xmx1g -cp benchmarks/target/benchmarks.jar org.senderauth.benchmarks.PolicyTurns \
    200 "$RATE" "$SECONDS_OF_ROUND" "$ROUNDS" "${targets[@]}"
[ -z "${KEEP:-}" ] || cp "$work"/*.gc "$KEEP"
