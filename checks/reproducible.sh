#!/bin/sh
# Builds the current commit twice, on two paths of different length, and compares every jar, package and image by its hash.
# Usage: checks/reproducible.sh [MAVEN_OPTION...]
set -eu
cd "$(dirname -- "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
build() {
    folder=$1
    shift
    mkdir -p "$(dirname -- "$folder")"
    git clone -q . "$folder"
    (
        cd "$folder"
        mvn -q -B -Dstyle.color=never -Pdist -DskipTests -Dspotless.check.skip -Dinvoker.skip "$@" package >&2
        find . -type f \( -path '*/target/*.jar' -o -path './packaging/target/senderauth*.deb' \
            -o -path './packaging/target/senderauth*.tar.gz' -o -path './packaging/target/senderauth*.cdx.json' \
            -o -path './packaging/target/senderauth*-oci.tar' \) \
            ! -path '*/target/lib/*' ! -path '*/target/*/*/*' ! -path './benchmarks/*' ! -path './checks/*' |
            LC_ALL=C sort | xargs sha256sum
    )
}
build "$work/first" "$@" >"$work/first.sums"
TZ=Pacific/Auckland LC_ALL=C build "$work/a/second/path/that/is/longer" "$@" >"$work/second.sums"
diff "$work/first.sums" "$work/second.sums"
cat "$work/first.sums"
echo "reproducible: $(wc -l <"$work/first.sums") files"
