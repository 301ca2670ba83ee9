#!/bin/sh
# Stop-watch in hand: from a clean Debian to the first decision of a Postfix there, by what docs/install.md and
# docs/postfix.md say to paste, literally. Prints the seconds of each step. Needs root, debootstrap and a package from
# mvn -Pdist package. Without systemd in the chroot the service is started as its unit does: by its command and its user.
# Usage: checks/stopwatch.sh [SUITE [MIRROR]]
set -eu
. "${0%/*}/debian.sh"
clean_debian "${1:-bookworm}" ${2:+"$2"}
# What Debian's installer asks for: what the host does, and its name.
printf 'postfix postfix/main_mailer_type select Internet Site\npostfix postfix/mailname string example.org\n' |
    inside debconf-set-selections

# block FIRST-LINE: the first block of docs/postfix.md that begins with it.
block() {
    awk -v first="$1" '/^```/ { if (inside) exit } substr($0, 1, length(first)) == first { inside = 1 } inside' "$root/docs/postfix.md"
}
began=$(date +%s%N)
last=$began
step() {
    now=$(date +%s%N)
    awk -v nanos=$((now - last)) -v step="$1" 'BEGIN { printf "%6.1f s  %s\n", nanos / 1e9, step }'
    last=$now
}

install_package postfix
step "apt install postfix, which a mail host has"
began=$last
install_package /new.deb
step "apt install senderauth, with its JRE"
block '# /etc/senderauth/senderauth.yaml' >"$chroot/etc/senderauth/senderauth.yaml"
block '[ -e /etc/senderauth/batv.key ] ||' >"$chroot/keygen-and-check"
inside sh -e /keygen-and-check || fail "the commands of the guide"
block '# /etc/postfix/senderauth-tags' >"$chroot/etc/postfix/senderauth-tags"
block '# main.cf: add these lines' >>"$chroot/etc/postfix/main.cf"
[ -s "$chroot/keygen-and-check" ] && [ -s "$chroot/etc/postfix/senderauth-tags" ] || fail "the guide has changed"
step "the blocks of docs/postfix.md, pasted by a script"

# A client from outside of mynetworks, and what a chroot lacks: a system log.
cat >"$chroot/first-decision" <<'INNER'
set -eu
postconf -e maillog_file=/var/log/mail.log
runuser -u senderauth -- senderauth serve --config /etc/senderauth/senderauth.yaml \
    >/var/log/senderauth.log 2>/dev/null &
service=$!
postfix start >/dev/null 2>&1
tries=0
until grep -q ready /var/log/senderauth.log && exec 3<>/dev/tcp/192.0.2.2/25; do
    tries=$((tries + 1))
    [ $tries -lt 600 ] || { cat /var/log/senderauth.log /var/log/mail.log; exit 1; }
    sleep 0.1
done 2>/dev/null
# A bounce that answers no mail of ours.
for command in 'EHLO mail.example.net' 'MAIL FROM:<>' 'RCPT TO:<root@example.org>'; do
    printf '%s\r\n' "$command" >&3
done
printf 'QUIT\r\n' >&3
timeout 60 cat <&3
kill $service
postfix stop >/dev/null 2>&1
wait $service || true
INNER
unshare -n sh -c 'ip link set lo up; ip address add 192.0.2.2/24 dev lo; exec chroot "$1" bash /first-decision' sh "$chroot" >"$work/session" ||
    { cat "$work/session"; fail "no session"; }
grep ' action=' "$chroot/var/log/senderauth.log" || { cat "$work/session"; fail "no decision"; }
step "start of the service, and the first decision"
last=$began
step "from the mail host to its first decision"
