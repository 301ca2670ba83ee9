#!/bin/bash
# debian.sh UNPACKED FOLDER SMTP SUBMISSION SINK: runs a Postfix that was unpacked with dpkg -x, and not installed, in the
# foreground, with the configuration that Debian's package makes for an "Internet Site" and the guide's changes to it.
# FOLDER/guide holds these: main.cf and master.cf to append, commands to run, tables to make. Needs root. Users, groups and aliases of its
# own are mounted over the system's in a private mount namespace.
set -euo pipefail
export R=$1 DIR=$2
smtp=$3 submission=$4 sink=$5
export LD_LIBRARY_PATH=$R/usr/lib/postfix MAIL_CONFIG=$DIR/conf PATH=$R/usr/sbin:$PATH
mkdir -p "$DIR/conf" "$DIR/spool" "$DIR/data" "$DIR/etc" "$DIR/log"
chmod 755 "$DIR" "$DIR/conf" "$DIR/spool" "$DIR/etc"

grep -v -E '^(postfix|alice|bob):' /etc/passwd > "$DIR/etc/passwd"
printf '%s\n' 'postfix:x:7771:7771::/:/usr/sbin/nologin' 'alice:x:7773:7773::/:/bin/sh' 'bob:x:7774:7774::/:/bin/sh' \
    >> "$DIR/etc/passwd"
grep -v -E '^(postfix|postdrop|alice|bob):' /etc/group > "$DIR/etc/group"
printf '%s\n' 'postfix:x:7771:' 'postdrop:x:7772:' 'alice:x:7773:' 'bob:x:7774:' >> "$DIR/etc/group"
printf '%s\n' '# See man 5 aliases for format' 'postmaster:    root' 'root: alice' > "$DIR/etc/aliases"
echo example.org > "$DIR/etc/mailname"

# Where an unpacked Postfix finds itself; then what the package's postinst does.
cat > "$DIR/conf/main.cf" <<END
command_directory = $R/usr/sbin
daemon_directory = $R/usr/lib/postfix/sbin
shlib_directory = $R/usr/lib/postfix
meta_directory = $R/etc/postfix
data_directory = $DIR/data
queue_directory = $DIR/spool
sendmail_path = $R/usr/sbin/sendmail
newaliases_path = $R/usr/bin/newaliases
mailq_path = $R/usr/bin/mailq
maillog_file = $DIR/log/postfix.log
maillog_file_prefixes = $DIR, /var
import_environment = LD_LIBRARY_PATH=$R/usr/lib/postfix MAIL_CONFIG=$DIR/conf
export_environment = TZ MAIL_CONFIG LANG LD_LIBRARY_PATH
END
cat "$R/usr/share/postfix/main.cf.debian" >> "$DIR/conf/main.cf"
cp "$R/usr/share/postfix/master.cf.dist" "$DIR/conf/master.cf"
postconf -e \
    'smtpd_relay_restrictions=permit_mynetworks permit_sasl_authenticated defer_unauth_destination' \
    myhostname=mx.example.org \
    "alias_maps=hash:$DIR/etc/aliases" "alias_database=hash:$DIR/etc/aliases" "myorigin=$DIR/etc/mailname" \
    'mydestination=$myhostname, example.org, mx.example.org, localhost.example.org, localhost' \
    "relayhost=[127.0.0.1]:$sink" \
    'mynetworks=127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128' \
    mailbox_size_limit=0 recipient_delimiter=+ inet_interfaces=all inet_protocols=all

# Submission as the file itself offers it, without TLS and SASL, which this host has not.
sed -i -e '/^#submission inet/,/milter_macro/s/^#\(submission\|  -o\)/\1/' "$DIR/conf/master.cf"
sed -i -e '/smtpd_tls_security_level=encrypt/d; /smtpd_tls_auth_only/d; s/smtpd_sasl_auth_enable=yes/smtpd_sasl_auth_enable=no/' \
    -e 's/permit_sasl_authenticated,reject$/permit_mynetworks,reject/' "$DIR/conf/master.cf"

# The guide.
cat "$DIR/guide/main.cf" >> "$DIR/conf/main.cf"
cat "$DIR/guide/master.cf" >> "$DIR/conf/master.cf"
. "$DIR/guide/commands"

# Ports for the test, and XCLIENT by which it says which client it is. Delivered mail goes where the test looks for it.
# Nothing leaves loopback.
sed -i -e "s/^smtp  *inet .*/127.0.0.1:$smtp inet n - y - - smtpd\n  -o smtpd_authorized_xclient_hosts=127.0.0.0\/8/" \
    -e "s/^submission  *inet/127.0.0.1:$submission inet/" "$DIR/conf/master.cf"
cat > "$DIR/deliver.py" <<'END'
import os, smtplib, sys
mail = sys.stdin.buffer.read().split(b"\n", 1)[1].replace(b"\n", b"\r\n")  # without the line "From sender date"
smtplib.SMTP("127.0.0.1", int(sys.argv[1])).sendmail(os.environ["SENDER"], [os.environ["RECIPIENT"]], mail)
END
postconf -e "mailbox_command=/usr/bin/env python3 $DIR/deliver.py $sink" \
    smtpd_peername_lookup=no smtp_dns_support_level=disabled smtp_host_lookup=native \
    smtpd_client_connection_count_limit=0 smtpd_error_sleep_time=0 notify_classes=

# The last one wins, as the guide says; and only it is kept. Each process of Postfix warns of the others when it starts, and its
# own log daemon then waits for itself for ever: ten warnings before it listens fill its socket.
awk '/^[^#[:space:]]/ { n++; name = $0; sub(/[[:space:]]*=.*/, "", name); key[n] = name; last[name] = n; text[n] = $0; next }
    /^[[:space:]]+[^#[:space:]]/ { text[n] = text[n] "\n" $0 }
    END { for (i = 1; i <= n; i++) if (last[key[i]] == i) print text[i] }' "$DIR/conf/main.cf" > "$DIR/conf/main.cf.new"
mv "$DIR/conf/main.cf.new" "$DIR/conf/main.cf"

exec unshare -m bash -c 'mount --bind "$DIR/etc/passwd" /etc/passwd; mount --bind "$DIR/etc/group" /etc/group
    chown postfix "$DIR/data"; postalias "hash:$DIR/etc/aliases"
    [ ! -e "$DIR/guide/tables" ] || xargs -r -n 1 postmap < "$DIR/guide/tables"; exec postfix start-fg'
