#!/bin/bash
# sendmail.sh UNPACKED FOLDER: builds a configuration from FOLDER/sendmail.mc and runs a Sendmail that was unpacked with
# dpkg -x, and not installed, in the foreground. On a host without a domain in its name it would wait for a minute at its
# start, so it gets a host name of its own. Needs root.
set -euo pipefail
R=$1 DIR=$2
LD_LIBRARY_PATH=$(echo "$R"/usr/lib/*-linux-gnu*)
export LD_LIBRARY_PATH
cp -r "$R/usr/share/sendmail/cf" "$DIR/cf"
mkdir -m 700 -p "$DIR/mqueue"
printf 'passwd files\nhosts files\naliases files\n' > "$DIR/service.switch"
echo example.org > "$DIR/local-host-names"
printf '%s: root\n' postmaster mailer-daemon > "$DIR/aliases"
printf '%s@inner.example\n' 'alice: alice' 'bob: bob' 'root: root' >> "$DIR/aliases"
: > "$DIR/trusted-users"
: > "$DIR/helpfile"
cd "$DIR"
"$R/usr/bin/m4" -D_CF_DIR_="$DIR/cf/" "$DIR/cf/m4/cf.m4" sendmail.mc > sendmail.cf
exec unshare --uts bash -c 'hostname mx.example.org; S=$1/usr/libexec/sendmail/sendmail
    "$S" -C "$2/sendmail.cf" -bi && exec "$S" -C "$2/sendmail.cf" -bD -q5s' sendmail "$R" "$DIR"
