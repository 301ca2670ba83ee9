package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.time.InstantSource;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The wall clock dates what is written down or shared, and nothing else: what lives in memory goes by {@code
 * MonotonicClock} or a nanosecond ticker, which cannot be set back.
 */
class ClocksTest {

    /** Who reads the wall clock, and what for. */
    private static final Map<String, String> DATES = new TreeMap<>(Map.ofEntries(
            Map.entry("org.senderauth.core.MonotonicClock", "its start, and how far a wall clock is ahead"),
            Map.entry("org.senderauth.batv.Batv", "the day of a tag"),
            Map.entry("org.senderauth.batv.BounceFilter", "the dates of the roll-out plan"),
            Map.entry("org.senderauth.ses.Ses", "the time code of a signature"),
            Map.entry("org.senderauth.ses.SesSigner", "the time code of a signature"),
            Map.entry("org.senderauth.ses.ServerCookies", "the date in a DNS cookie, RFC 9018"),
            Map.entry("org.senderauth.ses.SesZone", "the date at which a signature ends"),
            Map.entry("org.senderauth.ses.MemoryReplayLedger", "the date at which a signature ends"),
            Map.entry("org.senderauth.redis.RedisReplayLedger", "the date at which a signature ends, for all hosts"),
            Map.entry("org.senderauth.spf.MacroExpander", "the macro t"),
            Map.entry("org.senderauth.spf.zone.SpfZone", "the date of the served networks, for people"),
            Map.entry("org.senderauth.callout.ProbeRunner", "the date in the audit trail"),
            Map.entry("org.senderauth.callout.probe.ProbeSettings", "dates in invented addresses"),
            Map.entry("org.senderauth.dkim2.Dkim2Bounces", "the age of a signature"),
            Map.entry("org.senderauth.dkim2.Dkim2Signer", "the date of a signature"),
            Map.entry("org.senderauth.dkim2.Dkim2Verifier", "the age of a signature"),
            Map.entry("org.senderauth.srs.Srs", "the day of an address"),
            Map.entry("org.senderauth.srs.FileAliasStore", "the date at which an alias ends, in its file"),
            Map.entry("org.senderauth.server.DecisionLog", "the time of a line"),
            Map.entry("org.senderauth.server.ServiceControl", "the date at which a key may be removed"),
            Map.entry("org.senderauth.server.PastFigures", "the start, which separates past decisions from later ones"),
            Map.entry("org.senderauth.server.web.DecisionFigures", "the hour of a decision, for the overview"),
            Map.entry("org.senderauth.server.history.HistoryWriter", "the time of a decision"),
            Map.entry("org.senderauth.server.history.HistoryFiles", "the date at which decisions are deleted"),
            Map.entry("org.senderauth.server.history.HistoryFilter", "relative times of a user"),
            Map.entry("org.senderauth.cli.SesBatch", "the time code of a signature"),
            Map.entry("org.senderauth.cli.JoeJob", "its own simulated time")));

    private static final JavaClasses MAIN =
            new ClassFileImporter().withImportOption(new MainClasses()).importPackages("org.senderauth");

    @Test
    void onlyStoredOrSharedTimesUseTheWallClock() {
        Map<String, Set<String>> readers = new TreeMap<>();
        for (JavaClass type : MAIN) {
            Set<String> reads = accesses(type)
                    .filter(ClocksTest::readsTheWallClock)
                    .map(JavaAccess::getDescription)
                    .collect(Collectors.toCollection(TreeSet::new));
            if (!reads.isEmpty()) {
                readers.computeIfAbsent(outermost(type), name -> new TreeSet<>())
                        .addAll(reads);
            }
        }
        Map<String, Set<String>> others = new TreeMap<>(readers);
        others.keySet().removeAll(DATES.keySet());
        assertThat(others)
                .as("Readers of the wall clock. A lifetime, rate, timeout or lease takes a MonotonicClock or a"
                        + " LongSupplier of nanoseconds; a date is entered above, with its reason")
                .isEmpty();
        assertThat(readers.keySet()).as("entries above that are still needed").containsAll(DATES.keySet());
    }

    private static Stream<JavaAccess<?>> accesses(JavaClass type) {
        return Stream.of(
                        type.getMethodCallsFromSelf(),
                        type.getMethodReferencesFromSelf(),
                        type.getConstructorCallsFromSelf(),
                        type.getConstructorReferencesFromSelf())
                .flatMap(Set::stream);
    }

    private static boolean readsTheWallClock(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getName();
        if (access.getTargetOwner().isAssignableTo(InstantSource.class)) {
            return name.equals("instant") || name.equals("millis");
        }
        if (access.getTargetOwner().isEquivalentTo(Date.class)
                || access.getTargetOwner().isAssignableTo(java.util.Calendar.class)) {
            return name.equals("<init>") || name.equals("getInstance");
        }
        return owner.equals(System.class.getName()) && name.equals("currentTimeMillis")
                || owner.startsWith("java.time.") && name.equals("now");
    }

    private static String outermost(JavaClass type) {
        JavaClass outer = type;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer.getName();
    }
}
