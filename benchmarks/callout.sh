#!/usr/bin/env bash
# The callout benchmarks, after "mvn -DskipTests package". Needs root (Exim, Postfix) and the peers of .ci/peers.
#   callout.sh load      dialogues at once against a server that takes 5 s: $JAVA (17) and $JAVA_VIRTUAL (21 or later)
#   callout.sh latency   an uncached result, next to Exim's and Postfix's own callouts of the same target
# Everything runs on loopback, in a folder that is removed at the end.
set -euo pipefail
cd "$(dirname "$0")"
JAVA=${JAVA:-java}
JAVA_VIRTUAL=${JAVA_VIRTUAL:-$JAVA}
POSTFIX=${POSTFIX:-/opt/senderauth-peers/postfix}
WORK=$(mktemp -d)
chmod 755 "$WORK"
PIDS=()
cleanup() {
    if [ -e "$WORK/postfix/spool/pid/master.pid" ]; then
        kill "$(tr -d ' ' < "$WORK/postfix/spool/pid/master.pid")" 2>/dev/null || true
    fi
    for pid in "${PIDS[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait
    rm -rf "$WORK"
}
trap cleanup EXIT

benchmark() {
    local java=$1 main=$2
    shift 2
    "$java" -XX:+ExitOnOutOfMemoryError "${OPTIONS[@]}" -cp target/benchmarks.jar "org.senderauth.benchmarks.$main" "$@"
}
OPTIONS=()

load() {
    ulimit -n "$(ulimit -Hn)"
    mkfifo "$WORK/stop"
    "$JAVA" -XX:+ExitOnOutOfMemoryError -Xmx256m -cp target/benchmarks.jar org.senderauth.benchmarks.CalloutTarpit 2700 5 < "$WORK/stop" &
    PIDS+=($!)
    exec 3> "$WORK/stop"
    sleep 2
    OPTIONS=(-Xmx256m)
    benchmark "$JAVA" CalloutLoad 2700 1000
    benchmark "$JAVA_VIRTUAL" CalloutLoad 2700 10000
    exec 3>&-
    wait "${PIDS[0]}"
}

exim() { # exim NAME: runs $WORK/NAME/exim.conf in the foreground
    mkdir "$WORK/$1/spool" "$WORK/$1/log"
    chown Debian-exim: "$WORK/$1/spool" "$WORK/$1/log"
    exim4 -C "$WORK/$1/exim.conf" -bdf > "$WORK/$1/out" 2>&1 &
    PIDS+=($!)
}

start_target() {
    mkdir "$WORK/target"
    sed -e "s#@DIR@#$WORK/target#; s#@USER@#Debian-exim#; s#@PLAIN@#2710#g; s#@TLS@#2711#g; s#@TARPIT@#2712#g" \
        -e "s#@REFUSING@#2713#g; s#@BUSY@#2714#g; s#@BARE@#2715#g" \
        ../callout/src/test/resources/org/senderauth/callout/probe/exim-target.conf > "$WORK/target/exim.conf"
    exim target
}

start_exim() {
    mkdir "$WORK/asker"
    cat > "$WORK/asker/exim.conf" <<CONF
keep_environment =
primary_hostname = asker.example
exim_user = Debian-exim
exim_group = Debian-exim
spool_directory = $WORK/asker/spool
log_file_path = $WORK/asker/log/%slog
local_interfaces = 127.0.0.1
daemon_smtp_ports = 2720
host_lookup =
rfc1413_query_timeout = 0s
disable_ipv6 = true
tls_advertise_hosts =
queue_only = true
acl_smtp_rcpt = rcpt
begin acl
rcpt:
  accept verify = sender/callout=10s
  deny   message = sender not verified
begin routers
all:
  driver = manualroute
  route_list = * 127.0.0.1 byname
  self = send
  transport = smtp
begin transports
smtp:
  driver = smtp
  port = 2710
CONF
    exim asker
}

# Debian's Postfix conflicts with Exim, so it is only unpacked; a mount namespace of its own gives it its user and groups.
start_postfix() {
    local dir=$WORK/postfix
    mkdir -p "$dir/conf" "$dir/spool" "$dir/data" "$dir/log"
    { grep -v '^postfix:' /etc/passwd; echo 'postfix:x:7771:7771::/:/usr/sbin/nologin'; } > "$dir/passwd"
    { grep -vE '^(postfix|postdrop):' /etc/group; printf 'postfix:x:7771:\npostdrop:x:7772:\n'; } > "$dir/group"
    export LD_LIBRARY_PATH=$POSTFIX/usr/lib/postfix
    cat > "$dir/conf/main.cf" <<CONF
compatibility_level = 3.6
command_directory = $POSTFIX/usr/sbin
daemon_directory = $POSTFIX/usr/lib/postfix/sbin
shlib_directory = $POSTFIX/usr/lib/postfix
meta_directory = $POSTFIX/etc/postfix
data_directory = $dir/data
queue_directory = $dir/spool
mail_owner = postfix
setgid_group = postdrop
maillog_file = $dir/log/postfix.log
maillog_file_prefixes = $dir
import_environment = LD_LIBRARY_PATH=$LD_LIBRARY_PATH MAIL_CONFIG=$dir/conf
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.asker.example
mydestination =
mynetworks =
alias_maps =
alias_database =
local_recipient_maps =
disable_dns_lookups = yes
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
relay_domains = asker.example
default_transport = smtp:[127.0.0.1]:2710
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = reject_unverified_sender, permit
unverified_sender_reject_code = 550
address_verify_map = btree:$dir/data/verify
CONF
    cat > "$dir/conf/master.cf" <<CONF
127.0.0.1:2730 inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
CONF
    unshare -m bash -c "mount --bind '$dir/passwd' /etc/passwd && mount --bind '$dir/group' /etc/group &&
        chown postfix '$dir/data' && exec '$POSTFIX/usr/sbin/postfix' -c '$dir/conf' start" > "$dir/out" 2>&1
    unset LD_LIBRARY_PATH
}

latency() {
    start_target
    start_exim
    start_postfix
    sleep 3
    benchmark "$JAVA" CalloutLatency 2710 2720 2730
}

case ${1:-} in
    load) load ;;
    latency) latency ;;
    *) echo "usage: $0 load | latency" >&2; exit 2 ;;
esac
