#!/bin/sh
# Makes the OCI image as one file, from Debian's packages and the tree of build.sh. No root, no daemon and no image registry:
# the packages are downloaded by apt-get and unpacked. Called by build.sh.
# Usage: image.sh VERSION TREE OUTPUT   with SOURCE_DATE_EPOCH set: the same packages then give the same bytes.
# SENDERAUTH_IMAGE_JRE selects another JRE package.
set -eu
umask 022
version=$1
tree=$2
output=$3
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
for program in apt-get apt-cache dpkg-deb; do
    if ! command -v "$program" >/dev/null; then
        echo "senderauth: $program not found, no OCI image"
        exit 0
    fi
done

# What no other container has. The group of the same number reads the keys that the host mounts.
user=10001
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
layout=$work/layout
blobs=$layout/blobs/sha256
mkdir -p "$blobs" "$work/debs"

# The JVM needs the C and C++ libraries and zlib; the launcher and the health check need the tools of busybox.
jre=${SENDERAUTH_IMAGE_JRE:-}
for candidate in 25 21 17; do
    package=openjdk-$candidate-jre-headless
    [ -n "$jre" ] || ! apt-cache policy "$package" | grep -q 'Candidate: [0-9]' || jre=$package
done
if ! (cd "$work/debs" && apt-get -qq download libc6 libgcc-s1 libstdc++6 zlib1g busybox-static "$jre") 2>"$work/errors"; then
    echo "senderauth: packages cannot be downloaded, no OCI image: $(head -n 1 "$work/errors")"
    exit 0
fi

# add_layer FOLDER [OWNER ENTRY]: a layer with the contents of the folder, or with one entry of it.
layers=
diff_ids=
paths=
add_layer() {
    owner=${2:-0}
    tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner="$owner" --group="$owner" --numeric-owner --format=gnu \
        -C "$1" -cf "$work/layer.tar" ${3:+--no-recursion} "${3:-.}"
    diff_ids="$diff_ids${diff_ids:+,}\"sha256:$(sha256sum "$work/layer.tar" | cut -d ' ' -f 1)\""
    gzip -9n "$work/layer.tar"
    digest=$(sha256sum "$work/layer.tar.gz" | cut -d ' ' -f 1)
    size=$(stat -c %s "$work/layer.tar.gz")
    mv "$work/layer.tar.gz" "$blobs/$digest"
    layers="$layers${layers:+,}{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\",\"digest\":\"sha256:$digest\",\"size\":$size}"
    paths="$paths${paths:+,}\"blobs/sha256/$digest\""
}

base=$work/base
mkdir -p "$base/var/lib/dpkg/status.d"
for deb in "$work"/debs/*.deb; do
    dpkg-deb -x "$deb" "$base"
    # Scanners read here which packages the image contains.
    dpkg-deb -f "$deb" >"$base/var/lib/dpkg/status.d/$(dpkg-deb -f "$deb" Package)"
done
find "$base/usr/share/doc" ! -name copyright ! -type d -delete
rm -rf "$base/usr/share/man" "$base/usr/share/lintian" "$base"/usr/lib/*/gconv "$base/usr/share/bug"
java=$(cd "$base" && find usr/lib/jvm -path '*/bin/java')
mkdir -p "$base/bin" "$base/usr/bin" "$base/etc" "$base/dev" "$base/proc" "$base/sys"
ln -s "/$java" "$base/usr/bin/java"
busybox=$(cd "$base" && find bin usr/bin -name busybox)
for applet in sh readlink dirname find sed cat rm mv printf wget; do
    [ -e "$base/bin/$applet" ] || ln -s "/$busybox" "$base/bin/$applet"
done
printf 'root:x:0:0:root:/:/bin/sh\nsenderauth:x:%s:%s::/var/lib/senderauth:/bin/sh\n' $user $user >"$base/etc/passwd"
printf 'root:x:0:\nsenderauth:x:%s:\n' $user >"$base/etc/group"
find "$base" -type d -exec chmod u+rwx,go+rx {} +
mkdir -p "$base/tmp"
chmod 1777 "$base/tmp"
add_layer "$base"

libraries=$work/libraries/usr/share/senderauth/lib
mkdir -p "$libraries"
cp "$tree"/usr/share/senderauth/lib/*.jar "$libraries/"
own=$work/own/usr/share/senderauth/lib
mkdir -p "$own"
mv "$libraries"/senderauth-*.jar "$own/"
add_layer "$work/libraries"

cp -R "$tree/usr/share/senderauth/bin" "$tree/usr/share/senderauth/senderauth.jar" "$work/own/usr/share/senderauth/"
mkdir -p "$work/own/usr/bin" "$work/own/etc/senderauth" "$work/own/usr/share/doc/senderauth"
ln -s ../share/senderauth/bin/senderauth "$work/own/usr/bin/senderauth"
cp "$here/image/senderauth.yaml" "$work/own/etc/senderauth/"
cp "$tree"/usr/share/doc/senderauth/copyright "$tree"/usr/share/doc/senderauth/NOTICE "$work/own/usr/share/doc/senderauth/"
add_layer "$work/own"

# Parents belong to root, as in the layers before.
mkdir -p "$work/state/var/lib/senderauth"
chmod 700 "$work/state/var/lib/senderauth"
add_layer "$work/state" $user var/lib/senderauth

# add_blob TYPE FILE: a JSON document; prints its descriptor.
add_blob() {
    digest=$(sha256sum "$2" | cut -d ' ' -f 1)
    size=$(stat -c %s "$2")
    mv "$2" "$blobs/$digest"
    printf '{"mediaType":"application/vnd.oci.image.%s.v1+json","digest":"sha256:%s","size":%s}' "$1" "$digest" "$size"
}

# /health/live: an answer of the process. /health would also fail with the DNS, which no restart of the container mends.
cat >"$work/config.json" <<JSON
{"created":"$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)","architecture":"$(dpkg --print-architecture)","os":"linux",
"config":{"User":"$user:$user","WorkingDir":"/var/lib/senderauth",
"Env":["PATH=/usr/bin:/bin","LANG=C.UTF-8","SENDERAUTH_JAVA_OPTS=-XX:MaxRAMPercentage=50 -XX:-UsePerfData"],
"Entrypoint":["/usr/bin/senderauth"],"Cmd":["serve","--config","/etc/senderauth/senderauth.yaml"],
"ExposedPorts":{"10031/tcp":{}},"Volumes":{"/var/lib/senderauth":{}},"StopSignal":"SIGTERM",
"Healthcheck":{"Test":["CMD","/bin/wget","-q","-O","/dev/null","http://127.0.0.1:9797/health/live"],
"Interval":30000000000,"Timeout":5000000000,"StartPeriod":30000000000,"Retries":3},
"Labels":{"org.opencontainers.image.title":"senderauth","org.opencontainers.image.version":"$version",
"org.opencontainers.image.licenses":"Apache-2.0","org.opencontainers.image.base.name":"$jre"}},
"rootfs":{"type":"layers","diff_ids":[$diff_ids]}}
JSON
config_path=blobs/sha256/$(sha256sum "$work/config.json" | cut -d ' ' -f 1)
config=$(add_blob config "$work/config.json")
printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":%s,"layers":[%s]}' \
    "$config" "$layers" >"$work/manifest.json"
manifest=$(add_blob manifest "$work/manifest.json")
printf '{"schemaVersion":2,"manifests":[%s]}' \
    "${manifest%\}},\"annotations\":{\"io.containerd.image.name\":\"senderauth:$version\",\"org.opencontainers.image.ref.name\":\"$version\"}}" \
    >"$layout/index.json"
printf '{"imageLayoutVersion":"1.0.0"}' >"$layout/oci-layout"
# For docker load without containerd's image store.
printf '[{"Config":"%s","RepoTags":["senderauth:%s"],"Layers":[%s]}]' "$config_path" "$version" "$paths" >"$layout/manifest.json"
tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --format=gnu -C "$layout" -cf "$output" .
