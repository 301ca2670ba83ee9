#!/bin/bash
# Run by checks/systemd.sh as a service of a real systemd: what docs/operations.md says of the unit.
set -u
config=/etc/senderauth/senderauth.yaml
fail() {
    echo "drill: $*"
    systemctl status --no-pager senderauth || true
    journalctl --no-pager -n 30 -u senderauth || true
    exit 1
}
property() {
    systemctl show --property="$1" --value senderauth
}
# The reply to one policy request, at once: ready means that the port accepts connections.
ask() {
    exec 3<>/dev/tcp/127.0.0.1/10031 || return 1
    printf 'request=smtpd_access_policy\nprotocol_state=RCPT\nclient_address=198.51.100.1\nhelo_name=h.example\nsender=a@example.com\nrecipient=b@example.org\n\n' >&3
    read -r -t 30 reply <&3
    exec 3>&- 3<&-
    echo "$reply"
}
mkdir -p /var/cache/senderauth
printf 'example.com. 300 IN TXT "v=spf1 -all"\n' >/etc/senderauth/zone
cat >$config <<'FILE'
hostname: mx.example.org
dns: {zones: [zone]}
listen: {policy: inet:127.0.0.1:10031}
steps: {spf: {mode: monitor}}
history: {directory: /var/lib/senderauth/history}
FILE
cp $config /good.yaml

seconds=$(date +%s)
systemctl start senderauth || fail "start"
ask | grep -q '^action=PREPEND' || fail "no decision right after the start"
echo "drill: started, first decision after $(($(date +%s) - seconds)) s: $(property StatusText)"

for task in /proc/"$(property MainPID)"/task/*; do
    ! grep -q '^sendera.*hist' "$task/comm" || writer=$task
done
[ "$(awk '{print $19}' "${writer:?no thread writes the history}/stat")" -gt 0 ] || fail "the history does not give way"
echo "drill: the history is written with a lower priority"

systemctl reload senderauth || fail "reload of a good configuration"
echo 'steps: {spf: {mode: sometimes}}' >>$config
! systemctl reload senderauth 2>/dev/null || fail "reload of an invalid configuration reports success"
[ "$(property ActiveState)" = active ] || fail "an invalid reload stopped the service"
property StatusText | grep -q 'the last reload was rejected' || fail "status after an invalid reload"
ask | grep -q '^action=PREPEND' || fail "no decision after an invalid reload"
echo "drill: a rejected reload fails, and the service goes on"
cp /good.yaml $config
systemctl reload senderauth || fail "reload afterwards"

journalctl --sync
journalctl --no-pager -u senderauth | grep -q 'decision action=continue' || fail "no decision in the journal"
! journalctl --no-pager -p warning -u senderauth | grep -q 'decision action=' || fail "a decision is a warning"
echo "drill: the journal has decisions, and not among the warnings"

kill -KILL "$(property MainPID)"
for _ in $(seq 600); do
    # First the restart: at once after the kill, systemd may not have noticed it, and calls the service active.
    [ "$(property NRestarts)" = 1 ] && [ "$(property ActiveState)" = active ] && break
    sleep 0.1
done
ask | grep -q '^action=PREPEND' || fail "no decision after a crash"
echo "drill: restarted after SIGKILL"

systemctl stop senderauth
[ "$(property Result)" = success ] || fail "result of a stop: $(property Result)"
echo 'steps: {spf: {mode: sometimes}}' >>$config
! systemctl start senderauth 2>/dev/null || fail "start with an invalid configuration"
[ "$(property ExecMainStatus)" = 2 ] || fail "status $(property ExecMainStatus)"
sleep 4
[ "$(property NRestarts)" = 0 ] && [ "$(property ActiveState)" = failed ] || fail "restarted an invalid configuration"
echo "drill: no restart after an invalid configuration"

# Postfix' chroot, by the guide.
mkdir -p /var/spool/postfix /etc/systemd/system/senderauth.service.d
bash -eu /install-socket || fail "$(cat /install-socket)"
cp /postfix.conf /etc/systemd/system/senderauth.service.d/postfix.conf
sed 's|inet:127.0.0.1:10031|unix:/var/spool/postfix/senderauth/policy|' /good.yaml >$config
systemctl daemon-reload
systemctl reset-failed senderauth
systemctl start senderauth || fail "start with a socket in the chroot"
python3 - <<'PYTHON' || fail "Postfix cannot use the socket in its chroot"
import os, socket
os.chdir("/var/spool/postfix")
os.chroot(".")
os.setgroups([])
os.setgid(992)
os.setuid(992)
client = socket.socket(socket.AF_UNIX)
client.connect("senderauth/policy")
client.sendall(b"request=smtpd_access_policy\nprotocol_state=RCPT\nclient_address=198.51.100.1\nhelo_name=h\nsender=a@example.com\nrecipient=b@example.org\n\n")
assert client.recv(100).startswith(b"action=PREPEND"), "no decision"
PYTHON
echo "drill: Postfix' user reaches the socket in its chroot"

exposure=$(systemd-analyze --no-pager security senderauth | sed -n 's/.*Overall exposure level for .*: \([0-9.]*\) .*/\1/p')
echo "drill: systemd-analyze security: $exposure"
[ "$(printf '%s\n' "$exposure" 2.0 | sort -n | tail -n 1)" = 2.0 ] || fail "exposure above 2.0"
systemctl stop senderauth
echo "drill: all good"
