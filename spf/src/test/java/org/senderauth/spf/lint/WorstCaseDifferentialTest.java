package org.senderauth.spf.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Random;
import java.util.StringJoiner;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.SpfLimits;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfResult;
import org.senderauth.spf.SpfVerdict;
import org.senderauth.spf.SpfVerifier;
import org.senderauth.spf.VoidLookupCounting;

/** Compares the linter's worst case with the evaluator's counts, for other clients, in generated trees. */
class WorstCaseDifferentialTest {

    private static final String[] RECORDS = {"d.example", "i1.example", "i2.example", "i3.example"};
    private static final String[] HOSTS = {"both.example", "four.example", "six.example", "mail.example", "none.example"
    };
    // The linter counts as the strictest receivers do: a record has to work there too.
    private static final SpfLimits STRICT =
            SpfLimits.builder().voidLookupCounting(VoidLookupCounting.QUERIES).build();
    private static final SpfLimits WIDE = STRICT.toBuilder()
            .lookups(SpfLimits.MAX_NUMBER)
            .voidLookups(SpfLimits.MAX_NUMBER)
            .build();

    @Property(tries = 2_000)
    void countsWhatOtherClientsCost(@ForAll long seed) throws Exception {
        String zone = zone(new Random(seed));
        DnsClient dns = ZoneDnsClient.builder().text(zone).build();
        LookupCost tree = SpfLinter.of(dns).lint(RECORDS[0]).tree().orElseThrow();

        SpfResult ip4 = check(dns, WIDE, "203.0.113.200");
        if (ip4.lookups() > IncludeTreeWalker.FOLLOWED_LOOKUPS) {
            assertThat(tree.lookups()).as(zone).isGreaterThanOrEqualTo(IncludeTreeWalker.FOLLOWED_LOOKUPS);
            return;
        }
        assertThat(tree.lookups()).as(zone).isEqualTo(ip4.lookups());
        assertThat(tree.voidsIp4()).as(zone).isEqualTo(ip4.voidLookups());

        SpfResult ip6 = check(dns, WIDE, "2001:db8:ffff::1");
        assertThat(tree.lookups()).as(zone).isEqualTo(ip6.lookups());
        assertThat(tree.voidsIp6()).as(zone).isEqualTo(ip6.voidLookups());
    }

    @Property(tries = 2_000)
    void returnsNoPermerrorWithinLimits(@ForAll long seed) throws Exception {
        String zone = zone(new Random(seed));
        DnsClient dns = ZoneDnsClient.builder().text(zone).build();
        LookupCost tree = SpfLinter.of(dns).lint(RECORDS[0]).tree().orElseThrow();
        boolean lookups = tree.lookups() <= SpfLimits.RFC_7208.lookups();
        int voids = SpfLimits.RFC_7208.voidLookups();

        assertThat(check(dns, STRICT, "203.0.113.200").verdict() != SpfVerdict.PERMERROR)
                .as(zone)
                .isEqualTo(lookups && tree.voidsIp4() <= voids);
        assertThat(check(dns, STRICT, "2001:db8:ffff::1").verdict() != SpfVerdict.PERMERROR)
                .as(zone)
                .isEqualTo(lookups && tree.voidsIp6() <= voids);
    }

    private static SpfResult check(DnsClient dns, SpfLimits limits, String client) throws Exception {
        return SpfVerifier.builder()
                .dns(dns)
                .limits(limits)
                .build()
                .verify(SpfQuery.mailFrom(InetAddress.getByName(client), "user@" + RECORDS[0], "helo.example"));
    }

    // Includes and redirects lead to later names only; no term matches the two clients of the tests but "all".
    private static String zone(Random random) {
        StringJoiner zone = new StringJoiner("\n", "$TTL 60\n", "\n");
        for (int i = 0; i < RECORDS.length; i++) {
            zone.add(RECORDS[i] + ". TXT \"" + record(random, i) + "\"");
        }
        zone.add("both.example. A 192.0.2.1").add("both.example. AAAA 2001:db8::1");
        zone.add("four.example. A 192.0.2.4");
        zone.add("six.example. AAAA 2001:db8::6");
        for (String name : new String[] {"d.example", "mail.example", "i1.example"}) {
            for (int preference = 0; preference < random.nextInt(4); preference++) {
                zone.add(name + ". MX " + preference + " " + pick(random, HOSTS) + ".");
            }
        }
        return zone.toString();
    }

    private static String record(Random random, int index) {
        StringJoiner record = new StringJoiner(" ");
        record.add("v=spf1");
        int terms = random.nextInt(5);
        for (int i = 0; i < terms; i++) {
            record.add(pick(random, "", "-", "~", "?") + mechanism(random, index));
        }
        if (index < RECORDS.length - 1 && random.nextInt(3) == 0) {
            record.add("redirect=" + RECORDS[index + 1]);
        } else if (random.nextInt(3) > 0) {
            record.add(pick(random, "-all", "~all", "?all"));
        }
        return record.toString();
    }

    private static String mechanism(Random random, int index) {
        return switch (random.nextInt(index < RECORDS.length - 1 ? 6 : 4)) {
            case 0 -> "ip4:192.0.2.0/24";
            case 1 -> "a:" + pick(random, HOSTS);
            case 2 -> "mx" + pick(random, "", ":mail.example", ":none.example", ":d.example", ":four.example");
            case 3 -> "exists:none.example";
            default -> "include:" + RECORDS[index + 1 + random.nextInt(RECORDS.length - 1 - index)];
        };
    }

    private static String pick(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
