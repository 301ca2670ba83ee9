#!/bin/sh
# Makes the configuration of a private Sendmail from Debian's unpacked packages, with only paths, ports, the smart host, the
# lines that need a DNS, and the load from which on it does not listen or deliver (12 and 8 for each processor) changed.
# build.sh ROOT HOME RULES SMTP-PORT SUBMISSION-PORT SINK-PORT
set -eu
root=$1 home=$2 rules=$3 smtp=$4 submission=$5 sink=$6
run=$(dirname "$0")/run.sh

mkdir -p "$home/var/run/sendmail/mta" "$home/var/lib/sendmail" "$home/etc/mail"
mkdir -m 700 -p "$home/var/spool/mqueue"
cp -r "$root/usr/share/sendmail/cf" "$home/cf"
grep -rl /usr/share/sendmail/cf "$home/cf" | xargs sed -i "s,/usr/share/sendmail/cf,$home/cf,g"

cd "$home/etc/mail"
cp "$root/etc/mail/helpfile" .
mkdir m4
touch m4/dialup.m4 m4/provider.m4 trusted-users
printf 'passwd files\nhosts files\naliases files\n' > service.switch
# example.net is relayed to the smart host, and is not a domain of this host
echo example.org > local-host-names
echo example.net > relay-domains
printf 'Connect:127.0.0.5\tRELAY\nGreetPause:127\t0\n' > access
printf '%s: root@inner.example\n' postmaster abuse > aliases
printf '%s@inner.example\n' 'alice: alice' 'bob: bob' >> aliases

# The lines of this test go before the mailers, and the guide's block goes to the end, as the guide says.
cat > "$home/peer.mc" <<END
define(\`confTRUSTED_USER', \`root')
define(\`confSERVICE_SWITCH_FILE', \`$home/etc/mail/service.switch')
define(\`confDOMAIN_NAME', \`mx.example.org')
define(\`ALIAS_FILE', \`$home/etc/mail/aliases')
define(\`QUEUE_DIR', \`$home/var/spool/mqueue')
define(\`confQUEUE_LA', \`100000')
define(\`confREFUSE_LA', \`100000')
define(\`confDELAY_LA', \`0')
define(\`SMART_HOST', \`relay:[127.0.0.1]')
define(\`RELAY_MAILER_ARGS', \`TCP \$h $sink')
define(\`confREFUSE_LA', \`100000')
define(\`confQUEUE_LA', \`100000')
FEATURE(\`nocanonify')
FEATURE(\`accept_unresolvable_domains')
END
sed -e "s,/usr/share/sendmail/cf,$home/cf,g; s/Port=smtp/Port=$smtp/; s/Port=submission/Port=$submission/" \
    "$home/cf/debian/sendmail.mc" > "$home/stock.mc"
sed "/^MAILER_DEFINITIONS/,\$d" "$home/stock.mc" > "$home/sendmail.mc"
cat "$home/peer.mc" >> "$home/sendmail.mc"
sed -n "/^MAILER_DEFINITIONS/,\$p" "$home/stock.mc" >> "$home/sendmail.mc"
cat "$rules" >> "$home/sendmail.mc"
sed -i "s,include(\`/etc/mail,include(\`$home/etc/mail," "$home/sendmail.mc"

sh "$run" "$root" "$root/usr/bin/m4" "$home/sendmail.mc" > "$home/raw.cf"
sed "s,\([= o]\|Fw\|TMPF> \)/etc/mail/,\1$home/etc/mail/,; s,=/var/,=$home/var/," "$home/raw.cf" > "$home/sendmail.cf"
sh "$run" "$root" "$root/usr/libexec/sendmail/makemap" -C "$home/sendmail.cf" hash access < access
sh "$run" "$root" "$root/usr/libexec/sendmail/sendmail" -C "$home/sendmail.cf" -bi
