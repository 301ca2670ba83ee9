package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.senderauth.core.RecentEntries;

/**
 * A full cache of Caffeine keeps what was used often and drops new entries. That is wrong for what is used soon after it was
 * made and then never again: {@link RecentEntries} is for that. So each use of Caffeine is listed with its reason.
 */
class FrequencyCachesTest {

    private static final Map<String, String> REASONS = Map.of(
            "org.senderauth.dns.CachingDnsClient", "popular names are asked for often; without an entry the DNS is",
            "org.senderauth.spf.RecordCache", "popular records are read often; without an entry one is parsed again",
            "org.senderauth.callout.inmemory.CacheFactory",
                    "a flood of new addresses or domains must not push out those of a victim",
            "org.senderauth.callout.probe.SmtpProber",
                    "a mail server is probed again and again; without an entry one session is longer",
            "org.senderauth.redis.CrossSlotLimits", "an exhausted limit is met often; without an entry Redis is asked",
            "org.senderauth.redis.SeenNames", "names for a display: those met often are worth most");

    @Test
    void eachUseOfCaffeineHasReason() {
        var users = new ClassFileImporter()
                .withImportOption(new MainClasses()).importPackages("org.senderauth").stream()
                        .flatMap(type -> type.getMethodCallsFromSelf().stream())
                        .filter(call -> call.getTargetOwner().isEquivalentTo(Caffeine.class)
                                && call.getName().equals("newBuilder"))
                        .map(call -> call.getOriginOwner().getName())
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(users).containsExactlyElementsOf(new TreeSet<>(REASONS.keySet()));
    }
}
