# Sourced by scripts here, not run: a network of one's own, and name servers in it. Needs root and NSD.
# "enter_network "$@"" runs the script again in a network namespace with nothing but loopback, and returns there. Its name
# server is 127.0.0.1. WORK is a folder; it and the processes in PIDS are gone at the end.

enter_network() {
    if [ -z "${OWN_NETWORK:-}" ]; then
        OWN_NETWORK=1 exec unshare -mn "./${0##*/}" "$@"
    fi
    WORK=$(mktemp -d)
    chmod 755 "$WORK"
    PIDS=()
    trap leave_network EXIT
    ip link set lo up
    echo "nameserver 127.0.0.1" > "$WORK/resolv.conf"
    mount --bind "$WORK/resolv.conf" /etc/resolv.conf
}

leave_network() {
    local pid
    for pid in "${PIDS[@]}"; do kill "$pid" 2> /dev/null || true; done
    wait
    rm -rf "$WORK"
}

# name_server ZONE ADDRESS: serves the file ZONE.zone in WORK; the pid is in SERVER. Without NSD's rate limit of 200 answers
# a second for one name, which makes checkers without a cache wait.
name_server() {
    cat > "$WORK/$1.conf" <<END
server:
  ip-address: $2
  username: ""
  chroot: ""
  database: ""
  zonesdir: "$WORK"
  pidfile: "$WORK/$1.pid"
  xfrdfile: "$WORK/$1.xfrd"
  zonelistfile: "$WORK/$1.list"
  logfile: "$WORK/$1.log"
  rrl-ratelimit: 0
remote-control:
  control-enable: no
zone:
  name: $1
  zonefile: $1.zone
END
    nsd -d -c "$WORK/$1.conf" &
    SERVER=$!
    PIDS+=("$SERVER")
}

# fetch_beside FOLDER PACKAGE...: Debian packages beside the system, in a folder of PEERS_DIR, once. Installed, they would
# bring Postfix, which removes Exim.
fetch_beside() {
    local folder=${PEERS_DIR:-/opt/senderauth-peers}/$1 work
    shift
    [ ! -e "$folder" ] || return 0
    work=$(mktemp -d)
    (cd "$work" && apt-get -q download "$@" && mkdir -p unpacked && for package in *.deb; do dpkg -x "$package" unpacked; done)
    mkdir -p "${folder%/*}"
    mv "$work/unpacked" "$folder"
    rm -rf "$work"
}

# A zone of senders: any name below example.net is a domain that authorizes 192.0.2.0/24 in its third lookup. No cache keeps
# those below warm.example.net, which are for warming up.
serve_senders() {
    cat > "$WORK/example.net.zone" <<END
@ 300 IN SOA ns1 hostmaster 1 3600 600 86400 1
@ 300 IN NS ns1
ns1 300 IN A 127.0.0.1
* 300 IN TXT "v=spf1 a:mail.example.net include:_spf.example.net -all"
*.warm 0 IN TXT "v=spf1 a:mail.example.net include:_spf.example.net -all"
_spf 300 IN TXT "v=spf1 ip4:192.0.2.0/24 ~all"
mail 300 IN A 198.51.100.1
mail 300 IN TXT "v=spf1 ip4:192.0.2.1 -all"
END
    name_server example.net 127.0.0.1
}
