#!/bin/sh
# Installs the Debian package in a clean Debian, sees the first decision, upgrades, removes and purges it. Needs root,
# debootstrap and a package from mvn -Pdist package. Usage: checks/package.sh [SUITE [MIRROR]]
# Without systemd in the chroot the service is started as its unit does: by its command and its user.
set -eu
. "${0%/*}/debian.sh"
suite=${1:-bookworm}
lintian --fail-on error,warning "$package"
clean_debian "$suite" ${2:+"$2"}
# An older package of the same contents.
dpkg-deb -R "$package" "$work/old"
sed -i 's/^Version: .*/Version: 0.9/' "$work/old/DEBIAN/control"
dpkg-deb --root-owner-group -Zgzip -b "$work/old" "$chroot/old.deb" >/dev/null
rm -rf "$work/old"

install_package /old.deb
inside senderauth --version
[ "$(inside stat -c '%U:%G %a' /etc/senderauth/batv.key)" = 'root:senderauth 640' ] || fail "mode of batv.key"
[ -s "$chroot/var/cache/senderauth/senderauth.archive" ] || fail "no class archive"
inside senderauth serve --check --config /etc/senderauth/senderauth.yaml
inside runuser -u senderauth -- head -c 1 /etc/senderauth/batv.key >/dev/null || fail "the service cannot read its key"
inside senderauth demo | grep -q 'server received: 2' || fail demo

# The first decision, in a network of its own.
cat >"$chroot/first-decision" <<'INNER'
set -eu
: >/tmp/service.log
runuser -u senderauth -- senderauth serve --config /etc/senderauth/senderauth.yaml >/tmp/service.log &
service=$!
tries=0
until grep -q ready /tmp/service.log; do
    tries=$((tries + 1))
    [ $tries -lt 300 ] || { cat /tmp/service.log; exit 1; }
    sleep 0.1
done
exec 3<>/dev/tcp/127.0.0.1/10031
printf 'request=smtpd_access_policy\nprotocol_state=RCPT\nclient_address=192.0.2.1\nhelo_name=[192.0.2.1]\nsender=\nrecipient=alice@example.org\n\n' >&3
read -r -t 30 answer <&3
echo "$answer"
kill $service
wait $service || true
INNER
unshare -n sh -c 'ip link set lo up; exec chroot "$1" bash /first-decision' sh "$chroot" | grep '^action=' || fail "no decision"

key=$(inside sha256sum /etc/senderauth/batv.key)
mkdir -p "$chroot/var/lib/senderauth"
echo state >"$chroot/var/lib/senderauth/callouts"
echo '# changed by the administrator' >>"$chroot/etc/senderauth/senderauth.yaml"
install_package /new.deb
inside senderauth --version
[ "$(inside sha256sum /etc/senderauth/batv.key)" = "$key" ] || fail "the upgrade changed a key"
[ -e "$chroot/var/lib/senderauth/callouts" ] || fail "the upgrade lost the state"
grep -q administrator "$chroot/etc/senderauth/senderauth.yaml" || fail "the upgrade changed the configuration"

inside apt-get -q -y remove senderauth >"$work/log" 2>&1 || { tail "$work/log"; fail remove; }
[ -e "$chroot/etc/senderauth/batv.key" ] || fail "remove deleted the key"
[ ! -e "$chroot/usr/bin/senderauth" ] || fail "remove left the command"
inside apt-get -q -y purge senderauth >"$work/log" 2>&1 || { tail "$work/log"; fail purge; }
for left in /etc/senderauth /var/lib/senderauth /var/cache/senderauth /usr/share/senderauth /etc/default/senderauth; do
    [ ! -e "$chroot$left" ] || fail "purge left $left"
done
echo "package: installed, decided, upgraded, removed and purged on $suite"
