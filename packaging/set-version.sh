#!/bin/sh
# Sets the version of the project, which the pom.xml at the top defines, in every file that repeats it: the poms, the guides
# and the compose example. SetVersionTest holds that none is missed.
set -eu
new=${1:?usage: packaging/set-version.sh VERSION}
cd "$(dirname -- "$0")/.."
old=$(sed -n 's|^  <version>\(.*\)</version>$|\1|p;/<\/version>/q' pom.xml)
pattern=$(printf '%s' "$old" | sed 's/\./\\./g')
git ls-files '*pom.xml' README.md 'docs/*.md' examples/compose/compose.yaml | while read -r file; do
    # As XML, in a dependency tree, in a Gradle coordinate, as the default of a variable.
    sed -e "s|<version>$pattern</version>|<version>$new</version>|" -e "s|:jar:$pattern:|:jar:$new:|" \
        -e "s|-bom:$pattern\"|-bom:$new\"|" -e "s|:-$pattern}|:-$new}|" "$file" >"$file.new"
    cat "$file.new" >"$file"
    rm "$file.new"
done
echo "$old -> $new"
