#!/usr/bin/env bash
# Messages through a milter: CPU time and memory of senderauth, of pyspf-milter and of an empty filter on libmilter.
# After "mvn -DskipTests package", as root, with the peers of .ci/peers and gcc.
#   milter.sh [MESSAGES]     of each row, 2,000 by default
# Each message has a connection of its own, as of a Postfix process: 12 header fields, 4 KiB of body, one recipient; its
# sender's domain is new. Everything runs in a network namespace with one NSD; what the packages need is fetched before.
set -euo pipefail
cd "$(dirname "$0")"
. ./loopback.sh
MILTERS=${PEERS_DIR:-/opt/senderauth-peers}/milters
fetch_beside milters pyspf-milter python3-spf-engine python3-authres python3-milter libmilter-dev libmilter1.0.1
enter_network "$@"
MESSAGES=${1:-2000}
JAVA=${JAVA:-java}
JAR=${JAR:-../cli/target/senderauth.jar}
serve_senders

cat > "$WORK/senderauth.yaml" <<END
hostname: mx.example.org
domains: [example.org]
dns: {server: "127.0.0.1:53"}
listen: {milter: "inet:127.0.0.1:10033"}
steps: {spf-helo: {mode: enforce}, spf: {mode: enforce}, batv: {mode: enforce}}
batv: {key-file: batv.key}
END
(umask 077 && head -c 20 /dev/urandom > "$WORK/batv.key")
"$JAVA" -XX:+ExitOnOutOfMemoryError -Xmx256m -jar "$JAR" serve --config "$WORK/senderauth.yaml" \
    > "$WORK/serve.log" 2>&1 &
PIDS+=($!)

cat > "$WORK/empty.c" <<'END'
#include <libmilter/mfapi.h>
#include <stdlib.h>
static sfsistat header(SMFICTX *c, char *n, char *v) { return SMFIS_CONTINUE; }
static sfsistat body(SMFICTX *c, unsigned char *b, size_t n) { return SMFIS_CONTINUE; }
static sfsistat eom(SMFICTX *c) { return SMFIS_CONTINUE; }
int main(int argc, char **argv) {
    struct smfiDesc filter = {.xxfi_name = "empty", .xxfi_version = SMFI_VERSION, .xxfi_header = header,
                              .xxfi_body = body, .xxfi_eom = eom};
    smfi_setconn(argv[1]);
    if (smfi_register(filter) == MI_FAILURE) return 1;
    return smfi_main();
}
END
gcc -O2 -I"$MILTERS/usr/include" -o "$WORK/empty" "$WORK/empty.c" "$MILTERS/usr/lib/x86_64-linux-gnu/libmilter.a" \
    "$MILTERS/usr/lib/x86_64-linux-gnu/libsm.a" -lpthread
"$WORK/empty" inet:10034@127.0.0.1 &
PIDS+=($!)

cat > "$WORK/pyspf.conf" <<END
debugLevel = 0
TestOnly = 1
HELO_reject = Fail
Mail_From_reject = Fail
PermError_reject = False
TempError_Defer = False
skip_addresses = 127.0.0.0/8
Socket = inet:10035@127.0.0.1
PidFile = $WORK/pyspf.pid
UserID = $(id -un)
InternalHosts = 127.0.0.1
END
PYTHONPATH=$MILTERS/usr/lib/python3/dist-packages LD_LIBRARY_PATH=$MILTERS/usr/lib/x86_64-linux-gnu:$MILTERS/usr/lib \
    /usr/bin/python3 "$MILTERS/usr/bin/pyspf-milter" "$WORK/pyspf.conf" > "$WORK/pyspf.log" 2>&1 &
PIDS+=($!)

cat > "$WORK/ask.py" <<'END'
import os, socket, struct, sys, time

messages = int(sys.argv[1])
TICK = os.sysconf('SC_CLK_TCK')
# For each command of the MTA: the bit by which a filter says not to send it, and the one by which it will not answer.
NOT_WANTED = {'C': 0x1, 'H': 0x2, 'M': 0x4, 'R': 0x8, 'B': 0x10, 'L': 0x20, 'N': 0x40, 'T': 0x200}
NO_REPLY = {'L': 0x80, 'C': 0x1000, 'H': 0x2000, 'M': 0x4000, 'R': 0x8000, 'T': 0x10000, 'N': 0x40000, 'B': 0x80000}
HEADERS = [('Received', f'from host{i}.example.net by mx.example.net; Sun, 29 Nov 2026 10:00:0{i} +0000') for i in range(4)]
HEADERS += [('From', 'User <user@example.net>'), ('To', 'alice@example.org'), ('Subject', 'figures of the week'),
            ('Date', 'Sun, 29 Nov 2026 10:00:00 +0000'), ('Message-ID', '<1@example.net>'), ('MIME-Version', '1.0'),
            ('Content-Type', 'text/plain'), ('X-Mailer', 'example')]
BODY = (b'x' * 62 + b'\r\n') * 64

class Session:
    def __init__(self, port):
        self.socket = socket.create_connection(('127.0.0.1', port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile('rb')
        self.send('O', struct.pack('>III', 6, 0x1ff, 0xfffff))
        self.protocol = struct.unpack('>I', self.read()[1][8:12])[0]
    def send(self, command, data=b''):
        self.socket.sendall(struct.pack('>IB', len(data) + 1, ord(command)) + data)
    def read(self):
        length = struct.unpack('>I', self.file.read(4))[0]
        packet = self.file.read(length)
        return chr(packet[0]), packet[1:]
    def command(self, command, data=b'', macros=()):
        if self.protocol & NOT_WANTED.get(command, 0):
            return 'c'
        if macros:
            self.send('D', command.encode() + b''.join(text.encode() + b'\0' for text in macros))
        self.send(command, data)
        if self.protocol & NO_REPLY.get(command, 0):
            return 'c'
        while True:
            reply, _ = self.read()
            if reply in 'cardtys':
                return reply
            if reply == 'f':
                return 'f'
    def message(self, domain):
        text = lambda *parts: b''.join(part.encode() + b'\0' for part in parts)
        answers = [self.command('C', text('mail.example.net') + b'4' + struct.pack('>H', 4025) + text('192.0.2.1'),
                                ['j', 'mx.example.org', '{daemon_name}', 'mx.example.org']),
                   self.command('H', text('mail.example.net')),
                   self.command('M', text(f'<user@{domain}>'), ['{mail_addr}', f'user@{domain}']),
                   self.command('R', text('<alice@example.org>'), ['{rcpt_addr}', 'alice@example.org', '{rcpt_mailer}', 'local']),
                   self.command('T', macros=['i', '4F1'])]
        answers += [self.command('L', text(*header)) for header in HEADERS]
        answers += [self.command('N'), self.command('B', BODY), self.command('E', macros=['i', '4F1'])]
        if set(answers) - set('cas'):
            raise SystemExit(f'refused: {answers}')
        self.send('Q')
        self.socket.close()

def process_on(port):
    """The pid of the process that listens on a port."""
    for _ in range(600):
        for line in os.popen('ss -Hltnp'):
            if f':{port} ' in line and 'pid=' in line:
                return int(line.split('pid=')[1].split(',')[0])
        time.sleep(0.1)
    raise SystemExit(f'nothing listens on {port}')

def seconds(pid):
    return sum(int(field) for field in open(f'/proc/{pid}/stat').read().rpartition(')')[2].split()[11:13]) / TICK

def resident(pid):
    return next(int(line.split()[1]) for line in open(f'/proc/{pid}/status') if line.startswith('VmRSS'))

def round_of(port, prefix, count):
    pid = process_on(port)
    before, start = seconds(pid), time.monotonic()
    for number in range(count):
        Session(port).message(f'{prefix}{number}.example.net')
    return (seconds(pid) - before) * 1e6 / count, count / (time.monotonic() - start)

peers = {'senderauth': 10033, 'empty filter (libmilter)': 10034, 'pyspf-milter': 10035}
round_of(10033, 'warm', 20000)
for port in peers.values():
    round_of(port, 'warm', 100)
figures = {name: [] for name in peers}
for turn in range(3):
    for name, port in peers.items():
        figures[name].append(round_of(port, f'd{turn}-', messages))
print(f'median of 3 rounds of {messages} messages, one after the other')
print('| milter | CPU time of a message, microseconds | messages a second | 1,000 open connections, KiB |\n|---|---|---|---|')
for name, port in peers.items():
    pid = process_on(port)
    before = resident(pid)
    sessions = [Session(port) for _ in range(1000)]
    more = resident(pid) - before
    for session in sessions:
        session.socket.close()
    middle = sorted(figures[name])[1]
    print(f'| {name} | {middle[0]:.0f} | {middle[1]:.0f} | {more} |')
END
ulimit -n 4096
/usr/bin/python3 "$WORK/ask.py" "$MESSAGES"
