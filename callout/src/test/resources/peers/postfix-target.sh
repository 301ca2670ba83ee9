#!/bin/bash
# postfix-target.sh DIR PORT ROOT : runs an unpacked Postfix as a callout target on loopback, in the foreground, in a
# mount namespace with users of its own. It takes no message. Needs root.
set -eu
dir=$1 port=$2 root=$3
export LD_LIBRARY_PATH=$root/usr/lib/postfix
mkdir -p "$dir/conf" "$dir/spool" "$dir/data"
grep -v '^postfix:' /etc/passwd > "$dir/passwd"
echo 'postfix:x:7771:7771::/:/usr/sbin/nologin' >> "$dir/passwd"
grep -v -E '^(postfix|postdrop):' /etc/group > "$dir/group"
printf 'postfix:x:7771:\npostdrop:x:7772:\n' >> "$dir/group"
cat > "$dir/conf/main.cf" <<CF
compatibility_level = 3.6
command_directory = $root/usr/sbin
daemon_directory = $root/usr/lib/postfix/sbin
shlib_directory = $root/usr/lib/postfix
meta_directory = $root/etc/postfix
data_directory = $dir/data
queue_directory = $dir/spool
sendmail_path = $root/usr/sbin/sendmail
newaliases_path = $root/usr/sbin/sendmail
mailq_path = $root/usr/sbin/sendmail
mail_owner = postfix
setgid_group = postdrop
maillog_file = $dir/postfix.log
maillog_file_prefixes = $dir
import_environment = LD_LIBRARY_PATH=$root/usr/lib/postfix MAIL_CONFIG=$dir/conf
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.peer.example
mydestination =
mynetworks =
alias_maps =
alias_database =
disable_dns_lookups = yes
smtpd_peername_lookup = no
relay_domains = regexp:$dir/conf/domains
relay_recipient_maps =
smtpd_relay_restrictions =
smtpd_recipient_restrictions = check_recipient_access regexp:$dir/conf/access, reject
smtpd_data_restrictions = reject
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
CF
echo '/./ OK' > "$dir/conf/domains"
cat > "$dir/conf/access" <<'CF'
/@catchall\.example$/  OK
/@slow\.example$/     sleep 2, permit
/@blocked\.example$/   554 5.7.0 rejected by policy
/@tempfail\.example$/  451 4.3.0 local problem
/^(alice|postmaster)@/ OK
/./                    550 5.1.1 unknown user
CF
cat > "$dir/conf/master.cf" <<CF
127.0.0.1:$port inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
rewrite unix - - n - - trivial-rewrite
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
CF
exec unshare -m bash -c "mount --bind '$dir/passwd' /etc/passwd && mount --bind '$dir/group' /etc/group && \
    chown postfix '$dir/data' && exec '$root/usr/sbin/postfix' -c '$dir/conf' start-fg"
