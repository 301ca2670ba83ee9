#!/usr/bin/env bash
# A served SPF record, validated by every SPF verifier at hand while the provider's DNS works, is stopped, and is back.
# After "mvn -DskipTests package", as root, with the peers of .ci/peers: pyspf, Mail::SPF, libspf2. Absent ones are left out.
# Everything runs in a network namespace: a name server for example.org, one for the provider example.net, the service with
# "spf-zone:", and Unbound. Nothing leaves the machine. Exit status 1 if a result differs from the expected one.
set -euo pipefail
cd "$(dirname "$0")"
. ./loopback.sh
enter_network "$@"
JAVA=${JAVA:-java}
JAR=${JAR:-../cli/target/senderauth.jar}

cat > "$WORK/example.org.zone" <<END
@ 1 IN SOA ns1 hostmaster 1 3600 600 86400 1
@ 1 IN NS ns1
ns1 1 IN A 127.0.0.3
@ 1 IN TXT "v=spf1 include:%{ir}.%{v}._spf.example.org -all"
_spf 1 IN NS ns2
ns2 1 IN A 127.0.0.2
END
cat > "$WORK/example.net.zone" <<END
@ 1 IN SOA ns1 hostmaster 1 3600 600 86400 1
@ 1 IN NS ns1
ns1 1 IN A 127.0.0.4
_spf 1 IN TXT "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/48 -all"
END
name_server example.org 127.0.0.3
name_server example.net 127.0.0.4
provider=$SERVER
cat > "$WORK/unbound.conf" <<END
server:
  interface: 127.0.0.1
  username: ""
  chroot: ""
  directory: "$WORK"
  pidfile: "$WORK/unbound.pid"
  logfile: "$WORK/unbound.log"
  use-syslog: no
  do-ip6: no
  do-not-query-localhost: no
  module-config: "iterator"
  infra-host-ttl: 1
remote-control:
  control-enable: no
stub-zone:
  name: "example.org"
  stub-addr: 127.0.0.3
stub-zone:
  name: "example.net"
  stub-addr: 127.0.0.4
END
unbound -d -c "$WORK/unbound.conf" &
PIDS+=($!)
cat > "$WORK/senderauth.yaml" <<END
hostname: ns2.example.org
listen:
  dns: 127.0.0.2:53
spf-zone:
  name-servers: [ns2.example.org]
  refresh-minutes: 1
  ttl-seconds: 1
  records:
    example.org: "v=spf1 include:_spf.example.net -all"
END
"$JAVA" -XX:+ExitOnOutOfMemoryError -jar "$JAR" serve --config "$WORK/senderauth.yaml" > "$WORK/serve.log" 2>&1 &
PIDS+=($!)

pyspf() {
    /usr/bin/python3 -c 'import spf, sys; print(spf.check2(i=sys.argv[2], s=sys.argv[1], h="mx.example.net")[0])' "$@"
}
mail_spf() {
    perl -MMail::SPF -e 'print Mail::SPF::Server->new->process(Mail::SPF::Request->new(scope => "mfrom",
        identity => $ARGV[0], ip_address => $ARGV[1], helo_identity => "mx.example.net"))->code, "\n"' "$@"
}
libspf2() {
    # Its exit status is the result.
    { spfquery.libspf2 --sender="$1" --ip="$2" --helo=mx.example.net < /dev/null 2> /dev/null || true; } | head -n 1
}
ours() {
    "$JAVA" -XX:+ExitOnOutOfMemoryError -XX:TieredStopAtLevel=1 -jar "$JAR" spf check --from "$1" --ip "$2" --helo mx.example.net 2> /dev/null \
        | head -1 | cut -d: -f1 | cut -d' ' -f1 || true
}

CHECKERS=(ours)
/usr/bin/python3 -c 'import spf' 2> /dev/null && CHECKERS+=(pyspf)
perl -MMail::SPF -e 1 2> /dev/null && CHECKERS+=(mail_spf)
command -v spfquery.libspf2 > /dev/null && CHECKERS+=(libspf2)

status=0
# expect STATE CLIENT RESULT: asks each verifier.
expect() {
    for checker in "${CHECKERS[@]}"; do
        result=$("$checker" alice@example.org "$2")
        printf '| %s | %s | %s | %s |\n' "$1" "$2" "$checker" "$result"
        [ "$result" = "$3" ] || { status=1; echo "expected $3"; }
    done
}

# await CLIENT RESULT: until our own verifier reports it, two minutes at most.
await() {
    for _ in $(seq 60); do
        [ "$(ours alice@example.org "$1")" = "$2" ] && return
        sleep 2
    done
}

await 192.0.2.7 pass
echo '| state | client | verifier | result |'
echo '|---|---|---|---|'
expect "provider up" 192.0.2.7 pass
expect "provider up" 2001:db8::7 pass
expect "provider up" 198.51.100.7 fail
kill "$provider"
wait "$provider" || true
# Longer than a refresh, so that one has failed.
sleep 70
expect "provider down" 192.0.2.7 pass
expect "provider down" 198.51.100.7 fail
sed -i 's|192.0.2.0/24|198.51.100.0/24|' "$WORK/example.net.zone"
name_server example.net 127.0.0.4
await 198.51.100.7 pass
expect "provider back, with another network" 198.51.100.7 pass
expect "provider back, with another network" 192.0.2.7 fail
[ "$status" = 0 ] || tail "$WORK"/*.log
exit "$status"
