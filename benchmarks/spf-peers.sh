#!/usr/bin/env bash
# The results of every SPF verifier at hand for the cases of our test suite, as the tables of docs/spf-peers.md, and the CPU
# time of a check.
# After "mvn -DskipTests package", as root, with the peers of .ci/peers: pyspf, Mail::SPF, libspf2, Go's
# blitiri.com.ar/go/spf and npm's mailauth (MAILAUTH: the folder in which npm installed it). Absent ones are left out.
#   spf-peers.sh [FILE...]     scenario files, by default those of the tests of spf
#   spf-peers.sh --speed       CPU time, with NSD as the name server
# Everything runs in a network namespace, whose only name server has the zones of the cases. Nothing leaves the machine.
set -euo pipefail
cd "$(dirname "$0")"
if [ -z "${SPF_PEERS_INSIDE:-}" ]; then
    SPF_PEERS_INSIDE=1 exec unshare -mn "./${0##*/}" "$@"
fi
JAVA=${JAVA:-java}
MAILAUTH=${MAILAUTH:-${PEERS_DIR:-/opt/senderauth-peers}/mailauth}
SPEED=
[ "${1:-}" != --speed ] || SPEED=1
WORK=$(mktemp -d)
SERVER=
trap '[ -z "$SERVER" ] || kill "$SERVER"; wait; rm -rf "$WORK"' EXIT
cases=../spf/src/test/resources/spf
[ $# -gt 0 ] || set -- "$cases/scenarios.txt" "$cases/disputes.txt" "$cases/reports.txt"

ip link set lo up
echo "nameserver 127.0.0.1" > "$WORK/resolv.conf"
mount --bind "$WORK/resolv.conf" /etc/resolv.conf

# Each program reads lines of identity (helo or mfrom), address, client and HELO name, and prints a result for each. It does
# each check REPEAT times, so that the pipe does not count where speed does.
export REPEAT=1
[ -z "$SPEED" ] || REPEAT=10
PEERS=()
peer() {
    chmod +x "$WORK/$1"
    PEERS+=("$1=$WORK/$1")
}

if /usr/bin/python3 -c 'import spf' 2> /dev/null; then
    cat > "$WORK/pyspf" <<'END'
#!/usr/bin/python3
import os, sys, spf
for line in sys.stdin:
    identity, address, client, helo = line.rstrip('\n').split('\t')
    for _ in range(int(os.environ['REPEAT'])):
        try:
            result = spf.check2(i=client, s=address, h=helo)[0]
        except Exception:
            result = 'exception'
    print(result, flush=True)
END
    peer pyspf
fi
if perl -MMail::SPF -e 1 2> /dev/null; then
    cat > "$WORK/Mail::SPF" <<'END'
#!/usr/bin/perl
use Mail::SPF;
$| = 1;
while (<STDIN>) {
    chomp;
    my ($identity, $address, $client, $helo) = split /\t/;
    $address = $identity eq "helo" ? $helo : "postmaster\@$helo" unless length $address;
    my $result;
    for (1 .. $ENV{REPEAT}) {
        $result = eval {
            Mail::SPF::Server->new->process(Mail::SPF::Request->new(scope => $identity, identity => $address,
                ip_address => $client, helo_identity => $helo))->code
        };
    }
    print $result // "exception", "\n";
}
END
    peer "Mail::SPF"
fi
if [ -n "$SPEED" ] && command -v spfquery.libspf2 > /dev/null; then
    # The library in one process; it keeps answers of the DNS, as its own programs do. Its headers are not installed.
    cat > "$WORK/libspf2.c" <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
void *SPF_server_new(int dns, int debug);
void *SPF_request_new(void *server);
int SPF_request_set_ipv4_str(void *request, const char *address);
int SPF_request_set_helo_dom(void *request, const char *name);
int SPF_request_set_env_from(void *request, const char *address);
int SPF_request_query_mailfrom(void *request, void **response);
int SPF_response_result(void *response);
const char *SPF_strresult(int result);
void SPF_response_free(void *response);
void SPF_request_free(void *request);

int main(void) {
    const int cache = 1;
    void *server = SPF_server_new(cache, 0);
    char line[1024];
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        char *rest = line;
        strsep(&rest, "\t");
        char *address = strsep(&rest, "\t"), *client = strsep(&rest, "\t");
        int result = 0;
        for (int repeat = atoi(getenv("REPEAT")); repeat > 0; repeat--) {
            void *request = SPF_request_new(server), *response = NULL;
            SPF_request_set_ipv4_str(request, client);
            SPF_request_set_helo_dom(request, rest);
            SPF_request_set_env_from(request, address);
            SPF_request_query_mailfrom(request, &response);
            result = SPF_response_result(response);
            SPF_response_free(response);
            SPF_request_free(request);
        }
        puts(SPF_strresult(result));
        fflush(stdout);
    }
}
END
    gcc -O2 -D_GNU_SOURCE -o "$WORK/libspf2" "$WORK/libspf2.c" -l:libspf2.so.2
    peer libspf2
elif command -v spfquery.libspf2 > /dev/null; then
    # It prints what is wrong before the result, and "(invalid)" for what it cannot evaluate.
    cat > "$WORK/libspf2" <<'END'
#!/bin/bash
while IFS= read -r line; do
    line=${line//$'\t'/$'\x1f'}
    IFS=$'\x1f' read -r identity address client helo <<< "$line"
    result=$(spfquery.libspf2 --sender="$address" --ip="$client" --helo="$helo" < /dev/null 2> /dev/null \
        | grep -m1 -xE 'pass|fail|softfail|neutral|none|temperror|permerror|\(invalid\)')
    result=${result:-crash}
    echo "${result/(invalid)/permerror}"
done
END
    peer libspf2
fi
if [ -d "$MAILAUTH/node_modules/mailauth" ]; then
    cat > "$WORK/mailauth" <<END
#!$(command -v node)
const { spf } = require('$MAILAUTH/node_modules/mailauth/lib/spf');
(async () => {
    for await (const line of require('readline').createInterface({ input: process.stdin })) {
        const [identity, sender, ip, helo] = line.split('\t');
        let result;
        for (let i = 0; i < Number(process.env.REPEAT); i++) {
            result = await spf({ sender, ip, helo, mta: 'mx.receiver.test' }).catch(() => null);
        }
        console.log(result ? result.status.result : 'exception');
    }
})();
END
    peer mailauth
fi
if command -v go > /dev/null && [ -d /usr/share/gocode/src/blitiri.com.ar/go/spf ]; then
    mkdir -p "$WORK/src/gospf"
    cat > "$WORK/src/gospf/main.go" <<'END'
package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"

	"blitiri.com.ar/go/spf"
)

func main() {
	repeat, _ := strconv.Atoi(os.Getenv("REPEAT"))
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		var result spf.Result
		for i := 0; i < repeat; i++ {
			result, _ = spf.CheckHostWithSender(net.ParseIP(fields[2]), fields[3], fields[1])
		}
		fmt.Println(result)
	}
}
END
    GOPATH="$WORK:/usr/share/gocode" GO111MODULE=off GOCACHE="$WORK/cache" go build -o "$WORK/go-spf" gospf
    peer go-spf
fi
if [ -n "$SPEED" ]; then
    {
        echo '@ 3600 IN SOA ns1 hostmaster 1 3600 600 86400 1'
        echo '@ 3600 IN NS ns1'
        echo 'ns1 3600 IN A 127.0.0.1'
        echo 'direct 3600 IN TXT "v=spf1 ip4:192.0.2.1 -all"'
        echo 'macro 3600 IN TXT "v=spf1 exists:%{ir}.%{l1r-}._spf.%{d3} -all"'
        echo '1.2.0.192.user._spf.macro 3600 IN A 127.0.0.2'
        echo 'chain 3600 IN TXT "v=spf1 include:c1.example.org -all"'
        networks=
        for i in {1..15}; do networks+="\"ip4:203.0.113.$i \" "; done
        for i in 1 2 3; do echo "c$i 3600 IN TXT \"v=spf1 include:c$((i + 1)).example.org -all\""; done
        echo "c4 3600 IN TXT \"v=spf1 \" ${networks}\"-all\""
    } > "$WORK/example.org.zone"
    cat > "$WORK/nsd.conf" <<END
server:
  ip-address: 127.0.0.1
  username: ""
  chroot: ""
  database: ""
  zonesdir: "$WORK"
  pidfile: "$WORK/nsd.pid"
  xfrdfile: "$WORK/nsd.xfrd"
  zonelistfile: "$WORK/nsd.list"
  rrl-ratelimit: 0
remote-control:
  control-enable: no
zone:
  name: example.org
  zonefile: example.org.zone
END
    nsd -d -c "$WORK/nsd.conf" > /dev/null 2>&1 &
    SERVER=$!
    until [ -e "$WORK/nsd.pid" ]; do sleep 0.1; done
    for mode in cache none; do
        printf '#!/bin/sh\nexec %s -XX:+ExitOnOutOfMemoryError -cp %s org.senderauth.benchmarks.SpfLines %s\n' \
            "$JAVA" "$PWD/target/benchmarks.jar" "$mode" > "$WORK/ours-$mode"
        chmod +x "$WORK/ours-$mode"
    done
    "$JAVA" -XX:+ExitOnOutOfMemoryError -cp target/benchmarks.jar org.senderauth.benchmarks.SpfPeerSpeed \
        "senderauth=$WORK/ours-cache" "without its DNS cache=$WORK/ours-none" "${PEERS[@]}"
    exit
fi
"$JAVA" -XX:+ExitOnOutOfMemoryError -cp target/benchmarks.jar org.senderauth.benchmarks.SpfPeers "$@" "${PEERS[@]}"
