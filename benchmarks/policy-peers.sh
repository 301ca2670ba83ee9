#!/usr/bin/env bash
# CPU time of a decision on SPF, next to the policy servers that Debian has: policyd-spf (Python), policyd-spf (Perl) and
# rspamd with nothing but its SPF module. After "mvn -DskipTests package", as root, with the peers of .ci/peers.
#   policy-peers.sh [REQUESTS]     of each row, 3,000 by default; a tenth for policyd-spf, which waits a lot
# "new": each sender's domain is asked for the first time. "known": the same requests once more; a server with a cache of
# its own profits. Everything runs in a network namespace with one NSD; what the packages need is fetched before.
set -euo pipefail
cd "$(dirname "$0")"
. ./loopback.sh
POLICYD=${PEERS_DIR:-/opt/senderauth-peers}/policyd-spf
fetch_beside policyd-spf postfix-policyd-spf-python postfix-policyd-spf-perl python3-spf-engine python3-authres \
    libsys-hostname-long-perl
enter_network "$@"
REQUESTS=${1:-3000}
JAVA=${JAVA:-java}
JAR=${JAR:-../cli/target/senderauth.jar}
serve_senders

cat > "$WORK/senderauth.yaml" <<END
hostname: mx.example.org
domains: [example.org]
dns: {server: "127.0.0.1:53"}
listen: {policy: "inet:127.0.0.1:10031"}
steps: {spf-helo: {mode: enforce}, spf: {mode: enforce}}
END
"$JAVA" -XX:+ExitOnOutOfMemoryError -Xmx256m -jar "$JAR" serve --config "$WORK/senderauth.yaml" \
    > "$WORK/serve.log" 2>&1 &
ours=$!
PIDS+=("$ours")

if command -v rspamd > /dev/null; then
    mkdir "$WORK/rspamd"
    : > "$WORK/empty.lua"
    cat > "$WORK/rspamd.conf" <<END
options {
  pidfile = "$WORK/rspamd/pid"; dns { nameserver = ["127.0.0.1"]; timeout = 1s; }
  filters = ""; local_addrs = []; hs_cache_dir = "$WORK/rspamd"; dynamic_conf = "$WORK/rspamd/dynamic";
  history_file = "$WORK/rspamd/history"; rrd = "$WORK/rspamd/rrd"; control_socket = "$WORK/rspamd/control mode=0600";
}
logging { type = "file"; filename = "$WORK/rspamd/log"; level = "error"; }
worker "normal" { bind_socket = "127.0.0.1:11333"; count = 1; }
modules { path = "/usr/share/rspamd/plugins/"; }
lua = "$WORK/empty.lua";
spf { }
metric { name = "default"; actions { reject = 15; } }
END
    rspamd -f -i -c "$WORK/rspamd.conf" > "$WORK/rspamd.out" 2>&1 &
    rspamd=$!
    PIDS+=("$rspamd")
fi

cat > "$WORK/ask.py" <<'END'
import http.client, itertools, json, os, socket, subprocess, sys, time

requests, policyd, ours, rspamd = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4] or 0)
TICK = os.sysconf('SC_CLK_TCK')
instances = itertools.count()

def seconds(pid):
    """CPU time of a process and of its children, living or dead (proc(5), stat)."""
    own = open(f'/proc/{pid}/stat').read().rpartition(')')[2].split()
    total = sum(int(field) for field in own[11:15])
    for child in open(f'/proc/{pid}/task/{pid}/children').read().split():
        total += seconds(child) * TICK
    return total / TICK

def policy_request(domain):
    return ('request=smtpd_access_policy\nprotocol_state=RCPT\nprotocol_name=ESMTP\nclient_address=192.0.2.1\n'
            'client_name=mail.example.net\nreverse_client_name=mail.example.net\nhelo_name=mail.example.net\n'
            f'sender=user@{domain}\nrecipient=alice@example.org\nrecipient_count=0\nqueue_id=\ninstance={next(instances)}\n'
            'size=0\nsasl_method=\nsasl_username=\n\n').encode()

class Policy:
    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
    def ask(self, domain):
        self.writer.write(policy_request(domain))
        self.writer.flush()
        action = self.reader.readline().decode()
        while self.reader.readline() != b'\n':
            pass
        if not action.startswith('action='):
            raise SystemExit(f'no action: {action}')
        return 'refused' if 'eject' in action or action.startswith('action=5') or action.startswith('action=4') else 'accepted'

class Rspamd:
    def __init__(self):
        self.connection = http.client.HTTPConnection('127.0.0.1', 11333)
    def ask(self, domain):
        self.connection.request('POST', '/checkv2', b'From: user@' + domain.encode() + b'\r\n\r\n\r\n', {
            'IP': '192.0.2.1', 'Helo': 'mail.example.net', 'From': f'user@{domain}', 'Rcpt': 'alice@example.org'})
        symbols = json.load(self.connection.getresponse())['symbols']
        return 'accepted' if 'R_SPF_ALLOW' in symbols else f'no pass: {sorted(symbols)}'

def tcp(port):
    for _ in range(600):
        try:
            return socket.create_connection(('127.0.0.1', port)).makefile('rwb')
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f'nothing listens on {port}')

def program(*command, **environment):
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               env=dict(os.environ, **environment))
    return process.pid, Policy(process.stdout, process.stdin)

peers = {}
stream = tcp(10031)
peers['senderauth'] = (ours, Policy(stream, stream))
if rspamd:
    tcp(11333).close()
    peers['rspamd'] = (rspamd, Rspamd())
peers['policyd-spf (Python)'] = program('/usr/bin/python3', policyd + '/usr/bin/policyd-spf', os.environ['POLICYD_CONF'],
                                        PYTHONPATH=policyd + '/usr/lib/python3/dist-packages')
peers['policyd-spf (Perl)'] = program('/usr/bin/perl', policyd + '/usr/sbin/postfix-policyd-spf-perl',
                                      PERL5LIB=policyd + '/usr/share/perl5')

def round_of(peer, prefix, count):
    before = seconds(peer[0])
    for number in range(count):
        answer = peer[1].ask(f'd{number}.{prefix}.example.net')
        if answer != 'accepted':
            raise SystemExit(f'd{number}.{prefix}: {answer}')
    return (seconds(peer[0]) - before) * 1e6 / count

# A JVM compiles what is used often, and still does after 20,000 requests; the others are as quick at once.
for turn in range(4):
    round_of(peers['senderauth'], 'new.warm', 15000)
    round_of(peers['senderauth'], 'known', 15000)
for name in peers:
    round_of(peers[name], 'warm', 100)
figures = {name: ([], []) for name in peers}
for turn in range(3):
    for name, peer in peers.items():
        for kind in range(2):
            count = requests // 10 if name.startswith('policyd') else requests
            figures[name][kind].append(round_of(peer, f'turn{turn}', count))
median = lambda values: sorted(values)[len(values) // 2]
base = [median(row) for row in figures['senderauth']]
print(f'microseconds of CPU time for a decision, median of 3 rounds of {requests}')
print('| server | new domains | ratio | known domains | ratio |\n|---|---|---|---|---|')
for name, rows in figures.items():
    new, known = map(median, rows)
    print(f'| {name} | {new:.0f} | {new / base[0]:.1f} | {known:.0f} | {known / base[1]:.1f} |')
END
cat > "$WORK/policyd-spf.conf" <<END
debugLevel = 0
TestOnly = 1
HELO_reject = Fail
Mail_From_reject = Fail
PermError_reject = False
TempError_Defer = False
skip_addresses = 127.0.0.0/8
END
POLICYD_CONF="$WORK/policyd-spf.conf" /usr/bin/python3 "$WORK/ask.py" "$REQUESTS" "$POLICYD" "$ours" "${rspamd:-}"
