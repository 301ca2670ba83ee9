#!/bin/sh
# Installs senderauth from the unpacked tarball. DESTDIR=/elsewhere installs below another root.
# Keeps a configuration that exists; upgrades by running it again.
set -eu
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
root=${DESTDIR:-}
# A JVM whose jars are exchanged fails at the next class that it has not loaded.
if [ -z "$root" ] && [ -d /run/systemd/system ] && systemctl --quiet is-active senderauth.service; then
    echo "senderauth is running; stop it first: systemctl stop senderauth" >&2
    exit 1
fi
mkdir -p "$root/usr" "$root/etc/senderauth" "$root/etc/default" "$root/var/cache/senderauth"
rm -rf "$root/usr/share/senderauth" "$root/var/cache/senderauth/senderauth.jvm"
cp -R -P "$here/usr/." "$root/usr/"
for file in etc/senderauth/senderauth.yaml etc/default/senderauth; do
    [ -e "$root/$file" ] || cp "$here/$file" "$root/$file"
done
if [ -z "$root" ] && ! id senderauth >/dev/null 2>&1; then
    systemd-sysusers senderauth.conf 2>/dev/null ||
        useradd --system --home-dir /var/lib/senderauth --shell /usr/sbin/nologin senderauth
fi
echo "installed; try: senderauth demo"
echo "service: systemctl daemon-reload && systemctl enable --now senderauth (after an upgrade: systemctl start senderauth)"
