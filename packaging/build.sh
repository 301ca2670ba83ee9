#!/bin/sh
# Makes the tarball, the OCI image and the Debian package from cli/target; needs no root. Called by mvn -Pdist package.
# Usage: build.sh VERSION TIMESTAMP   (the time of all files, so that two builds give the same bytes)
set -eu
version=$1
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
cli=$here/../cli/target
target=$here/target
tree=$target/tree
umask 022
SOURCE_DATE_EPOCH=$(date -u -d "$2" +%s)
export SOURCE_DATE_EPOCH
# All but the SBOM, which Maven has written.
rm -rf "$tree" "$target"/senderauth[-_]*.deb "$target"/senderauth-*.tar "$target"/senderauth-*.gz

put() { # MODE FILE DESTINATION
    install -D -m "$1" "$2" "$tree/$3"
}
put 644 "$cli/senderauth.jar" usr/share/senderauth/senderauth.jar
for library in "$cli"/lib/*.jar; do
    put 644 "$library" "usr/share/senderauth/lib/$(basename -- "$library")"
done
put 755 "$here/bin/senderauth" usr/share/senderauth/bin/senderauth
mkdir -p "$tree/usr/bin"
ln -s ../share/senderauth/bin/senderauth "$tree/usr/bin/senderauth"
put 644 "$here/files/senderauth.service" usr/lib/systemd/system/senderauth.service
put 644 "$here/files/sysusers.conf" usr/lib/sysusers.d/senderauth.conf
put 644 "$here/files/senderauth.yaml" etc/senderauth/senderauth.yaml
put 644 "$here/files/default" etc/default/senderauth
put 644 "$here/files/senderauth.1" usr/share/man/man1/senderauth.1
gzip -9n "$tree/usr/share/man/man1/senderauth.1"
mkdir -p "$tree/usr/share/bash-completion/completions"
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:+ExitOnOutOfMemoryError -jar "$cli/senderauth.jar" generate-completion |
    sed '1{/^#!/d;}' >"$tree/usr/share/bash-completion/completions/senderauth"
put 644 "$here/debian/copyright" usr/share/doc/senderauth/copyright
put 644 "$here/../NOTICE" usr/share/doc/senderauth/NOTICE
put 644 "$target/senderauth-$version.cdx.json" usr/share/doc/senderauth/senderauth.cdx.json

# The tarball: the same layout and an installer.
name=senderauth-$version
mkdir -p "$target/$name"
cp -a "$tree/." "$target/$name/"
cp "$here/../LICENSE" "$here/../NOTICE" "$here/../CHANGELOG.md" "$target/$name/"
install -m 755 "$here/files/install.sh" "$target/$name/install.sh"
tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -C "$target" -cf - "$name" |
    gzip -9n >"$target/$name.tar.gz"
rm -rf "${target:?}/$name"

"$here/image.sh" "$version" "$tree" "$target/senderauth-$version-oci.tar"

if ! command -v dpkg-deb >/dev/null; then
    echo "senderauth: dpkg-deb not found, no Debian package"
    exit 0
fi
# Debian sorts 1.0.0~rc1 and 1.0.0~SNAPSHOT before 1.0.0.
debian=$(echo "$version" | sed 's/-/~/')
{
    echo "senderauth ($debian) unstable; urgency=medium"
    echo
    echo "  * Changes: see CHANGELOG.md of the project."
    echo
    echo " -- senderauth authors <senderauth@example.org>  $(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")"
} | gzip -9n >"$tree/usr/share/doc/senderauth/changelog.gz"
put 644 "$here/debian/lintian-overrides" usr/share/lintian/overrides/senderauth
mkdir -p "$tree/DEBIAN"
sed "s/@VERSION@/$debian/; s/@SIZE@/$(du -sk --apparent-size "$tree" | cut -f1)/" "$here/debian/control" >"$tree/DEBIAN/control"
for script in postinst prerm postrm; do
    install -m 755 "$here/debian/$script" "$tree/DEBIAN/$script"
done
printf '/etc/default/senderauth\n/etc/senderauth/senderauth.yaml\n' >"$tree/DEBIAN/conffiles"
(cd "$tree" && find usr -type f | LC_ALL=C sort | xargs md5sum) >"$tree/DEBIAN/md5sums"
chmod 644 "$tree"/DEBIAN/control "$tree"/DEBIAN/conffiles "$tree"/DEBIAN/md5sums
find "$tree" -type d -exec chmod 755 {} +
dpkg-deb --root-owner-group -Zxz --build "$tree" "$target/senderauth_${debian}_all.deb" >/dev/null
rm -rf "$tree"
