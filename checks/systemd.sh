#!/bin/bash
# Runs the unit of the package under a real systemd: process 1 of namespaces of its own, with a root of its own whose /usr is
# this system's with the package on top. Needs root, Debian's systemd, a JRE, and mvn -Pdist package.
# Usage: checks/systemd.sh
set -eu
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
package=$(ls "$here"/../packaging/target/senderauth_*_all.deb)
work=$(mktemp -d)
slice=/sys/fs/cgroup/systemd/senderauth-$$
[ -d /sys/fs/cgroup/systemd ] || slice=/sys/fs/cgroup/senderauth-$$
clean_up() {
    rmdir "$slice"/* "$slice" 2>/dev/null || true
    rm -rf "$work"
}
trap clean_up EXIT
mkdir "$slice"
root=$work/root
mkdir -p "$root"/{usr,etc/systemd/system,run,var/lib,var/log,proc,sys,dev,tmp,root} "$work/package"
dpkg-deb -x "$package" "$work/package"
cp -a "$work/package/etc/." "$root/etc/"
ln -s usr/bin usr/sbin usr/lib usr/lib64 "$root/"
for file in ld.so.cache nsswitch.conf hosts alternatives java-17-openjdk ssl; do
    [ ! -e "/etc/$file" ] || cp -a "/etc/$file" "$root/etc/"
done
cp /usr/lib/os-release "$root/etc/"
echo 0123456789abcdef0123456789abcdef >"$root/etc/machine-id"
cat >"$root/etc/passwd" <<'FILE'
root:x:0:0:root:/root:/bin/bash
senderauth:x:990:990::/var/lib/senderauth:/usr/sbin/nologin
postfix:x:992:992::/var/spool/postfix:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
FILE
cat >"$root/etc/group" <<'FILE'
root:x:0:
senderauth:x:990:
systemd-journal:x:991:
postfix:x:992:
nogroup:x:65534:
FILE
cp "$here/systemd-drill.sh" "$root/drill.sh"
# What the guide says to paste for Postfix' chroot.
sed -n '/^# \/etc\/systemd\/system\/senderauth.service.d\/postfix.conf$/,/^```$/p' "$here/../docs/operations.md" |
    sed '$d' >"$root/postfix.conf"
sed -n '/^install -d .*\/var\/spool\/postfix\/senderauth$/p' "$here/../docs/operations.md" >"$root/install-socket"
cat >"$root/etc/systemd/system/drill.service" <<'FILE'
[Unit]
Description=Drill
[Service]
Type=oneshot
TimeoutStartSec=600
StandardOutput=file:/drill.log
StandardError=file:/drill.log
ExecStart=/bin/bash /drill.sh
ExecStopPost=/bin/bash -c 'systemctl exit $EXIT_STATUS'
FILE
cat >"$root/etc/systemd/system/drill.target" <<'FILE'
[Unit]
Requires=basic.target drill.service
After=basic.target
AllowIsolate=yes
FILE
cat >"$work/boot" <<FILE
set -eu
echo \$\$ >"$slice/cgroup.procs"
exec unshare --cgroup --pid --fork --mount --uts --ipc --net --kill-child bash "$work/inside"
FILE
cat >"$work/inside" <<FILE
set -eu
ip link set lo up
mount --make-rprivate /
mount --bind "$root" "$root"
mount -t overlay overlay -o "lowerdir=$work/package/usr:/usr" "$root/usr"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom tty; do
    touch "$root/dev/\$device"
    mount --bind "/dev/\$device" "$root/dev/\$device"
done
mkdir "$root/dev/shm" "$root/dev/pts"
mount -t tmpfs tmpfs "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
# Not a chroot: systemd gives each unit a mount namespace, whose root must be that of this one.
mkdir "$root/old"
cd "$root"
pivot_root . old
umount -l /old
exec /usr/bin/env -i container=senderauth PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
    /lib/systemd/systemd --system --unit=drill.target --log-target=null --show-status=no
FILE
status=0
timeout --signal=KILL 900 bash "$work/boot" >"$work/out" 2>&1 || status=$?
cat "$root/drill.log" 2>/dev/null || cat "$work/out"
[ "$status" = 0 ] && grep -q '^drill: all good$' "$root/drill.log" || {
    echo "systemd: failed with status $status" >&2
    exit 1
}
