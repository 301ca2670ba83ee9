#!/bin/sh
# Makes the Javadoc of all published modules as one site, with links between the modules. Called by mvn -Pdocs.
# Usage: site.sh JAVADOC VERSION CLASS_PATH
# The modules are those of the BOM. Their exported packages are documented as one class path: senderauth-james has no module
# descriptor, since the jars of James share packages.
set -eu
javadoc=$1
version=$2
classes=$3
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
root=$here/..
site=$here/target/site
rm -rf "$site"
mkdir -p "$site"

options=$here/target/site.options
sources=$here/target/site.sources
cat >"$options" <<END
-d "$site"
-classpath "$classes"
-overview "$here/overview.html"
-windowtitle "senderauth $version"
-doctitle "senderauth $version"
--release 17
-encoding UTF-8
-docencoding UTF-8
-charset UTF-8
-Xdoclint:all,-missing
-Werror
-quiet
-notimestamp
-use
END
: >"$sources"
for module in $(sed -n 's|.*<artifactId>\(senderauth-[a-z0-9]*\)</artifactId>.*|\1|p' "$root/bom/pom.xml" | grep -v -- -bom); do
    folder=$root/${module#senderauth-}
    [ -d "$folder" ] || folder=$root/integrations/${module#senderauth-}
    java=$folder/src/main/java
    if [ -f "$java/module-info.java" ]; then
        packages=$(sed -n 's/^ *exports \([a-z0-9.]*\);$/\1/p' "$java/module-info.java")
    else
        packages=$(cd "$java" && find . -name package-info.java -printf '%h\n' | sed 's|^\./||' | tr / .)
    fi
    group=
    for package in $packages; do
        group=$group${group:+:}$package
        find "$java/$(echo "$package" | tr . /)" -maxdepth 1 -name '*.java' -printf '"%p"\n' | LC_ALL=C sort >>"$sources"
    done
    # The command and the service export nothing.
    [ -z "$group" ] || echo "-group $module $group" >>"$options"
done
LC_ALL=C.UTF-8 "$javadoc" -J-Duser.language=en -J-Dfile.encoding=UTF-8 "@$options" "@$sources"
# The javadoc of JDK 17 links to this heading but gives it no anchor.
sed 's|<h2 title="org.senderauth">|<h2 id="org.senderauth" title="org.senderauth">|' "$site/constant-values.html" >"$site.page"
mv "$site.page" "$site/constant-values.html"
echo "docs/target/site/index.html"
