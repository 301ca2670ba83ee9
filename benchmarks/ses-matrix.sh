#!/usr/bin/env bash
# The public validation of signed senders by every SPF verifier at hand, as the table of docs/ses.md.
# After "mvn -DskipTests package", as root, with the peers of .ci/peers: pyspf, Mail::SPF, libspf2, rspamd, Go's
# blitiri.com.ar/go/spf and npm's mailauth (MAILAUTH: the folder in which npm installed it). Absent ones are left out.
#   ses-matrix.sh [TERM]     the name of the exists: term, by default %{lr=}._spf_verify.%{d}
# Everything runs in a network namespace: a name server for example.org, "ses serve", and Unbound, which minimizes query
# names and mixes their case. Nothing leaves the machine. Exit status 1 if a result differs from the expected one.
set -euo pipefail
cd "$(dirname "$0")"
if [ -z "${SES_MATRIX_INSIDE:-}" ]; then
    SES_MATRIX_INSIDE=1 exec unshare -mn "./${0##*/}" "$@"
fi
TERM_NAME=${1:-'%{lr=}._spf_verify.%{d}'}
JAVA=${JAVA:-java}
MAILAUTH=${MAILAUTH:-${PEERS_DIR:-/opt/senderauth-peers}/mailauth}
WORK=$(mktemp -d)
chmod 755 "$WORK"
PIDS=()
cleanup() {
    for pid in "${PIDS[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait
    rm -rf "$WORK"
}
trap cleanup EXIT

ip link set lo up
echo "nameserver 127.0.0.1" > "$WORK/resolv.conf"
mount --bind "$WORK/resolv.conf" /etc/resolv.conf

senderauth() {
    "$JAVA" -XX:+ExitOnOutOfMemoryError -XX:TieredStopAtLevel=1 -jar ../cli/target/senderauth.jar "$@"
}

(umask 077 && {
    echo "example.org hmac-sha1 80/2/10 weak:matrix-matrix-matrix"
    echo "unknown.example hmac-sha1 80/2/10 weak:matrix-matrix-matrix"
} > "$WORK/keys")

cat > "$WORK/zone" <<END
@ 60 IN SOA ns1 hostmaster 1 3600 600 86400 60
@ 60 IN NS ns1
ns1 60 IN A 127.0.0.3
@ 60 IN TXT "v=spf1 exists:$TERM_NAME -all"
_spf_verify 60 IN NS ns2
ns2 60 IN A 127.0.0.2
END
cat > "$WORK/nsd.conf" <<END
server:
  ip-address: 127.0.0.3
  username: ""
  chroot: ""
  zonesdir: "$WORK"
  pidfile: "$WORK/nsd.pid"
  xfrdfile: "$WORK/xfrd.state"
  zonelistfile: "$WORK/zone.list"
  logfile: "$WORK/nsd.log"
remote-control:
  control-enable: no
zone:
  name: example.org
  zonefile: zone
END
nsd -d -c "$WORK/nsd.conf" &
PIDS+=($!)
"$JAVA" -XX:+ExitOnOutOfMemoryError -jar ../cli/target/senderauth.jar ses serve --keys "$WORK/keys" --ns ns2.example.org --listen 127.0.0.2:53 \
    --limit 0 > "$WORK/serve.log" &
PIDS+=($!)
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
  qname-minimisation: yes
  use-caps-for-id: yes
  local-zone: "example." static
remote-control:
  control-enable: no
stub-zone:
  name: "example.org"
  stub-addr: 127.0.0.3
END
unbound -d -c "$WORK/unbound.conf" &
PIDS+=($!)

# Each verifier: its function prints pass, fail, temperror or another result for SENDER and IP.
pyspf() {
    /usr/bin/python3 -c 'import spf, sys; print(spf.check2(i=sys.argv[2], s=sys.argv[1], h="mx.example.net")[0])' "$@"
}
mail_spf() {
    perl -MMail::SPF -e 'print Mail::SPF::Server->new->process(Mail::SPF::Request->new(scope => "mfrom",
        identity => $ARGV[0], ip_address => $ARGV[1], helo_identity => "mx.example.net"))->code, "\n"' "$@"
}
libspf2() { spfquery.libspf2 --sender="$1" --ip="$2" --helo=mx.example.net | head -1; }
mailauth() {
    node -e 'require(process.argv[1] + "/node_modules/mailauth/lib/spf").spf({sender: process.argv[2],
        ip: process.argv[3], helo: "mx.example.net", mta: "mx.example.com"}).then(r => console.log(r.status.result))' \
        "$MAILAUTH" "$@"
}
go_spf() { "$WORK/gospf" "$@"; }
rspamd() {
    printf 'Subject: x\r\nFrom: <x@example.net>\r\n\r\nx\r\n' \
        | curl -s --max-time 20 -H "From: $1" -H "IP: $2" -H "Helo: mx.example.net" --data-binary @- \
            http://127.0.0.1:11333/checkv2 > "$WORK/rspamd.json"
    case $(grep -oE 'R_SPF_[A-Z]+' "$WORK/rspamd.json" | head -1) in
        R_SPF_ALLOW) echo pass ;;
        R_SPF_FAIL) echo fail ;;
        R_SPF_DNSFAIL) echo temperror ;;
        *) echo unknown ;;
    esac
}

CHECKERS=()
/usr/bin/python3 -c 'import spf' 2> /dev/null && CHECKERS+=(pyspf)
perl -MMail::SPF -e 1 2> /dev/null && CHECKERS+=(mail_spf)
command -v spfquery.libspf2 > /dev/null && CHECKERS+=(libspf2)
if type -P rspamd > /dev/null; then
    mkdir "$WORK/rspamd"
    chown _rspamd "$WORK/rspamd" 2> /dev/null || true
    cat > "$WORK/rspamd.conf" <<END
options {
  pidfile = "$WORK/rspamd/pid"; disable_hyperscan = true; filters = "spf"; local_addrs = [];
  dns { nameserver = ["127.0.0.1:53"]; timeout = 5s; }
}
logging { type = "file"; filename = "$WORK/rspamd/log"; level = "info"; }
worker "normal" { bind_socket = "127.0.0.1:11333"; count = 1; }
actions { reject = 15; }
spf { spf_cache_size = 0; }
lua = "/usr/share/rspamd/rules/rspamd.lua";
modules { path = "/usr/share/rspamd/plugins/spf.lua"; }
END
    $(type -P rspamd) -i -f -c "$WORK/rspamd.conf" > "$WORK/rspamd.out" 2>&1 &
    PIDS+=($!)
    CHECKERS+=(rspamd)
fi
[ -d "$MAILAUTH/node_modules/mailauth" ] && CHECKERS+=(mailauth)
if command -v go > /dev/null && [ -d /usr/share/gocode/src/blitiri.com.ar/go/spf ]; then
    mkdir -p "$WORK/go/src/gospf"
    cat > "$WORK/go/src/gospf/main.go" <<'END'
package main

import (
	"fmt"
	"net"
	"os"

	"blitiri.com.ar/go/spf"
)

func main() {
	result, _ := spf.CheckHostWithSender(net.ParseIP(os.Args[2]), "mx.example.net", os.Args[1])
	fmt.Println(result)
}
END
    GOPATH="$WORK/go:/usr/share/gocode" GO111MODULE=off GOCACHE="$WORK/cache" go build -o "$WORK/gospf" gospf
    CHECKERS+=(go_spf)
fi

sign() { senderauth ses sign --keys "$WORK/keys" "${@:2}" -- "$1"; }
good=$(sign alice@example.org)
digits=${good#SES=}
digits=${digits%%=*}
changed=$(tr 'B-YC-Z' 'C-ZB-Y' <<< "${digits:3:1}")
[ "$changed" != "${digits:3:1}" ] || changed=B
CASES=(
    "good|pass|$good|192.0.2.1"
    "lower case|pass|${good,,}|192.0.2.1"
    "IPv6 client|pass|$(sign alice@example.org)|2001:db8::1"
    "dots|pass|$(sign alice.b.smith@example.org)|192.0.2.1"
    "subaddress (+)|pass|$(sign alice+news@example.org)|192.0.2.1"
    "VERP (=)|pass|$(sign list-bob=example.net@example.org)|192.0.2.1"
    "hyphens at edges|pass|$(sign -alice-.-b@example.org)|192.0.2.1"
    "underscore|pass|$(sign _alice_b@example.org)|192.0.2.1"
    "apostrophe|pass|$(sign "o'brien@example.org")|192.0.2.1"
    "longest|pass|$(sign aaaaaaaaabbbbbbbbbbccccccccccdddddddddd@example.org)|192.0.2.1"
    "unsigned|fail|alice@example.org|192.0.2.1"
    "forged signature|fail|SES=${digits:0:3}$changed${digits:4}=alice@example.org|192.0.2.1"
    "another sender|fail|SES=$digits=bob@example.org|192.0.2.1"
    "expired|fail|$(sign alice@example.org --at "$(date -u -d '11 days ago' +%Y-%m-%dT%H:%M:%SZ)")|192.0.2.1"
)
# await COMMAND...: up to a minute.
await() {
    local tries
    for tries in {1..300}; do
        "$@" > /dev/null 2>&1 && return
        sleep 0.2
    done
    echo "not ready: $*" >&2
    exit 75
}
await grep -q serving "$WORK/serve.log"
if [[ " ${CHECKERS[*]} " == *" rspamd "* ]]; then await curl -sf http://127.0.0.1:11333/ping; fi

status=0
printf '| sender'; printf ' | %s' "${CHECKERS[@]}"; echo ' |'
printf '|---'; printf '|---%.0s' "${CHECKERS[@]}"; echo '|'
for line in "${CASES[@]}"; do
    IFS='|' read -r name expected sender ip <<< "$line"
    printf '| %s' "$name"
    for checker in "${CHECKERS[@]}"; do
        result=$("$checker" "$sender" "$ip" 2> /dev/null || true)
        printf ' | %s' "${result:-none}"
        if [ "$result" != "$expected" ]; then
            status=1
            echo "$checker: $sender from $ip: ${result:-none}, expected $expected" >> "$WORK/wrong"
        fi
    done
    echo ' |'
done
[ ! -e "$WORK/wrong" ] || cat "$WORK/wrong" >&2
exit $status
