#!/bin/bash
# start.sh UNPACKED FOLDER: runs a Postfix that was unpacked with dpkg -x, and not installed, in the foreground. FOLDER
# holds conf/; users and groups of its own are mounted over the system's in a private mount namespace. Needs root.
set -euo pipefail
export R=$1 DIR=$2
export LD_LIBRARY_PATH=$R/usr/lib/postfix MAIL_CONFIG=$DIR/conf
mkdir -p "$DIR/spool" "$DIR/data" "$DIR/etc" "$DIR/log"
chmod 755 "$DIR" "$DIR/conf" "$DIR/spool"
grep -v '^postfix:' /etc/passwd > "$DIR/etc/passwd"
echo 'postfix:x:7771:7771::/:/usr/sbin/nologin' >> "$DIR/etc/passwd"
grep -v -E '^(postfix|postdrop):' /etc/group > "$DIR/etc/group"
printf 'postfix:x:7771:\npostdrop:x:7772:\n' >> "$DIR/etc/group"
exec unshare -m bash -c 'mount --bind "$DIR/etc/passwd" /etc/passwd; mount --bind "$DIR/etc/group" /etc/group
    chown postfix "$DIR/data"; exec "$R/usr/sbin/postfix" -c "$DIR/conf" start-fg'
