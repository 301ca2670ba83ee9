# Sourced by package.sh and stopwatch.sh, not run: a clean Debian in a folder, and the package from mvn -Pdist package.
# Needs root and debootstrap. Sets root (of the project), work, chroot and package; they are gone at the end.
# Usage: . debian.sh; clean_debian SUITE [MIRROR]

root=$(cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$(mktemp -d)
chroot=$work/chroot
package=$(ls "$root"/packaging/target/senderauth_*_all.deb)

clean_up() {
    ! mountpoint -q "$chroot/proc" || umount "$chroot/proc" || return 1
    rm -rf "$work"
}
trap clean_up EXIT

clean_debian() {
    mirror=${2:-$(apt-get indextargets --format '$(SITE)' | head -n 1)}
    debootstrap --variant=minbase "$1" "$chroot" "$mirror" >"$work/log" || { tail "$work/log"; exit 1; }
    # The JRE's own installation reads /proc.
    mount -t proc proc "$chroot/proc"
    cp -R /etc/apt/apt.conf.d/. "$chroot/etc/apt/apt.conf.d/"
    cp "$package" "$chroot/new.deb"
    inside apt-get -q update >"$work/log" 2>&1 || { tail "$work/log"; exit 1; }
}
inside() {
    LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive chroot "$chroot" "$@"
}
fail() {
    echo "${0##*/}: $*" >&2
    exit 1
}
install_package() {
    inside apt-get -q -y --no-install-recommends install "$1" >"$work/log" 2>&1 || { tail -n 30 "$work/log"; fail "$1"; }
}
