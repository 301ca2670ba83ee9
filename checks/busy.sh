#!/usr/bin/env bash
# Runs the tests of all libraries at once, again and again, so that each has a small part of a processor: a test that depends
# on a quick machine fails here before it fails in CI. The tests of server and checks, which start mail servers, are not among
# them. Usage: checks/busy.sh [MINUTES] (10)
set -euo pipefail
cd "$(dirname "$0")/.."
minutes=${1:-10}
junit=$(sed -n 's:.*<junit.version>\(.*\)</junit.version>.*:\1:p' pom.xml)
dependency=org.apache.maven.plugins:maven-dependency-plugin:3.11.0
logs=$PWD/target/busy
console=$logs/junit-platform-console-standalone-$junit.jar
rm -rf "$logs"
mvn -q -B -ntp test-compile "$dependency:build-classpath" -Dmdep.outputFile=target/tests.classpath -Dmdep.includeScope=test
mvn -q -B -ntp -N "$dependency:copy" "-Dartifact=org.junit.platform:junit-platform-console-standalone:$junit" \
    "-DoutputDirectory=$logs"

# One module, until the time is over or a test fails.
repeat() {
    local log=$logs/$(basename "$1").log
    local rounds=0
    cd "$1"
    while [ "$SECONDS" -lt "$end" ]; do
        java -cp "$console:target/test-classes:target/classes:$(<target/tests.classpath)" -Xmx1g -XX:+UseSerialGC \
            -Dpeers.required=false -Djqwik.database=target/jqwik-database org.junit.platform.console.ConsoleLauncher execute \
            --scan-classpath target/test-classes --details=none --disable-banner \
            --config junit.jupiter.execution.timeout.default=20m \
            --config junit.jupiter.execution.timeout.thread.mode.default=SEPARATE_THREAD \
            --config junit.jupiter.execution.timeout.threaddump.enabled=true >"$log" 2>&1 </dev/null || {
            echo "$1 failed after $rounds good rounds: $log"
            return 1
        }
        rounds=$((rounds + 1))
    done
    echo "$1: $rounds rounds"
}

end=$((SECONDS + 60 * minutes))
running=()
for classes in {*,integrations/*}/target/test-classes; do
    module=${classes%/target/test-classes}
    case $module in
        server | checks | fuzz | benchmarks | examples) ;;
        *)
            repeat "$module" &
            running+=($!)
            ;;
    esac
done
failed=0
for job in "${running[@]}"; do
    wait "$job" || failed=1
done
exit "$failed"
