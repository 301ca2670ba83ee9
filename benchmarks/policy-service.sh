# Sourced by policy.sh and policy-history.sh: a policy service with a zone in memory. Expects $work and $JAVA.
cat > "$work/zone" <<'END'
example.net.                    300 IN TXT "v=spf1 include:_spf.example.net -all"
_spf.example.net.               300 IN TXT "v=spf1 ip4:192.0.2.0/24 ~all"
mail.example.net.               300 IN A   192.0.2.1
mail.example.net.               300 IN TXT "v=spf1 a -all"
_client._smtp.mail.example.net. 300 IN SRV 1 2 1 mail.example.net.
END
(umask 077 && head -c 20 /dev/urandom > "$work/batv.key")

# start NAME PORT [LISTENER] [SETTING]: starts a service, and leaves its pid in $service when it is ready. LISTENER is added to
# its listeners, SETTING is a line of its configuration. $work/NAME.gc tells of its collections.
start() {
    local name=$1 port=$2
    cat > "$work/$name.yaml" <<END
hostname: mx.example.org
domains: [example.org]
dns: {zones: [zone]}
listen: {${3:-}policy: "inet:127.0.0.1:$port", http: "127.0.0.1:$((port + 1))"}
steps: {csv: {mode: enforce}, spf-helo: {mode: monitor}, spf: {mode: enforce}, batv: {mode: enforce}}
batv: {key-file: batv.key}
${4:-}
END
    # With the priorities of the launcher. A line for each decision goes to standard output: it is read and thrown away here.
    "$JAVA" -XX:+ExitOnOutOfMemoryError "-Xmx${HEAP:-256m}" "-Xlog:gc:file=$work/$name.gc:uptime" \
        -XX:ThreadPriorityPolicy=1 -XX:JavaPriority1_To_OSPriority=10 -XX:JavaPriority9_To_OSPriority=0 \
        -XX:JavaPriority10_To_OSPriority=0 -XX:-PrintWarnings \
        -jar cli/target/senderauth.jar serve --config "$work/$name.yaml" \
        > >(grep -q '^ready' && touch "$work/$name.ready"; exec cat > /dev/null) &
    service=$!
    for _ in $(seq 300); do
        [ -e "$work/$name.ready" ] && break
        kill -0 "$service"
        sleep 0.1
    done
}
