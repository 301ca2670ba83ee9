#!/bin/sh
# Runs the OCI image of mvn -Pdist package without a container engine: its layers are unpacked, mounted read-only, and its
# entry point is run as its user in its own network and mount namespaces. Needs root and jq.
# Usage: checks/image.sh [IMAGE.tar]
set -eu
root=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
image=${1:-$(ls "$root"/packaging/target/senderauth-*-oci.tar)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() {
    echo "image: $*" >&2
    exit 1
}
layout=$work/layout
mkdir -p "$layout" "$work/root"
tar -xf "$image" -C "$layout"
blob() { # the path of a digest, whose content it verifies
    echo "${1#sha256:}  $layout/blobs/sha256/${1#sha256:}" | sha256sum --quiet -c - >&2 || fail "digest $1"
    echo "$layout/blobs/sha256/${1#sha256:}"
}
manifest=$(blob "$(jq -r '.manifests[0].digest' "$layout/index.json")")
config=$(blob "$(jq -r .config.digest "$manifest")")
number=0
for digest in $(jq -r '.layers[].digest' "$manifest"); do
    layer=$(blob "$digest")
    [ "sha256:$(zcat "$layer" | sha256sum | cut -d ' ' -f 1)" = "$(jq -r ".rootfs.diff_ids[$number]" "$config")" ] ||
        fail "diff_id of layer $number"
    tar -xzf "$layer" -C "$work/root" --numeric-owner --same-owner -p
    number=$((number + 1))
done
[ "$(jq -r '.rootfs.diff_ids | length' "$config")" = $number ] || fail "number of layers"
user=$(jq -r .config.User "$config")
case $user in
    [1-9]*:[1-9]*) ;;
    *) fail "user $user" ;;
esac
[ "$(stat -c %u:%g "$work/root/var/lib/senderauth")" = "$user" ] || fail "owner of the state"
# One argument a line; none contains a newline.
{
    jq -r '.config.Env[]' "$config"
    printf '%s\n' "$(command -v chroot)" "--userspec=$user" "$work/root"
} >"$work/start"
jq -r '.config.Entrypoint[]' "$config" >"$work/entrypoint"
jq -r '.config.Cmd[]' "$config" >"$work/command"
jq -r '.config.Healthcheck.Test[1:][]' "$config" >"$work/health"

cat >"$work/inside" <<'INNER'
set -eu
work=$1
ip link set lo up
mount --bind "$work/root" "$work/root"
mount -o remount,ro,bind "$work/root"
mount -t tmpfs -o mode=1777 tmpfs "$work/root/tmp"
mount -t proc proc "$work/root/proc"
mount --rbind /dev "$work/root/dev"
run() { # FILE... of arguments
    cat "$work/start" "$@" | xargs -d '\n' env -i
}
printf '%s\n' --version >"$work/version"
run "$work/entrypoint" "$work/version"
printf '%s\n' spf check --zone /tmp/zone --ip 192.0.2.1 --helo mail.example.org --from alice@example.org >"$work/check"
printf 'example.org. 300 IN TXT "v=spf1 ip4:192.0.2.1 -all"\n' >"$work/root/tmp/zone"
run "$work/entrypoint" "$work/check" | grep pass
if printf '%s\n' /bin/sh -c ': >/etc/senderauth/new' | run - 2>/dev/null; then
    echo "the root is writable"
    exit 1
fi
run "$work/entrypoint" "$work/command" >"$work/service.log" 2>&1 &
tries=0
until run "$work/health"; do
    tries=$((tries + 1))
    [ $tries -lt 300 ] || { cat "$work/service.log"; exit 1; }
    sleep 0.2
done 2>/dev/null
exec 3<>/dev/tcp/127.0.0.1/10031
printf 'request=smtpd_access_policy\nprotocol_state=RCPT\nclient_address=192.0.2.1\nhelo_name=[192.0.2.1]\nsender=\nrecipient=alice@example.org\n\n' >&3
read -r -t 30 answer <&3
case $answer in
    action=*) echo "$answer" ;;
    *) exit 1 ;;
esac
INNER
unshare --net --mount --pid --fork --kill-child bash "$work/inside" "$work" || fail "see above"
echo "image: $(stat -c %s "$image") bytes, $number layers, healthy and decided as user $user on a read-only root"
