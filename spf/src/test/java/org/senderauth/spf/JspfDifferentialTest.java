package org.senderauth.spf;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.james.jspf.core.DNSRequest;
import org.apache.james.jspf.core.DNSService;
import org.apache.james.jspf.impl.SPF;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.syntax.Mechanism;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * The same generated zones for senderauth and for Apache James jSPF 1.0.5: equal verdicts, but for what {@link
 * Explained} names. jSPF runs as its defects allow: its synchronous executor, an instance for each check (it shares
 * mutable state between checks), fresh lists from the DNS (it removes from them), and no answer for type 99, which it asks
 * for first and RFC 7208 abolished. Our void limit is off, since jSPF has none.
 */
class JspfDifferentialTest {

    private static final String[] CLIENTS = {"192.0.2.1", "192.0.2.77", "198.51.100.5", "2001:db8::1", "2001:db8:7::9"};
    private static final String[] NAMES = {"d.example", "i1.example", "i2.example", "i3.example"};
    private static final String[] HOSTS = {"h1.example", "h2.example", "h3.example", "none.example", "d.example"};

    /** The reasons for which a verdict may differ: a defect of jSPF that the case touches. */
    private enum Explained {
        /** An mx whose hosts have no address leaves state that is not reset, and the next mx that is evaluated ends in permerror. */
        MX_WITHOUT_ADDRESS_THEN_MX,
        /** include and redirect of the valid empty record "v=spf1" are a permerror there (RFC 7208 sections 5.2, 6.1). */
        EMPTY_RECORD,
        /** PTR names are compared with case there (RFC 7208 section 5.5). */
        PTR_CASE
    }

    @Property(tries = 1_000)
    void matchesJspfExceptKnownDefects(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        String zone = zone(random);
        DnsClient dns = ZoneDnsClient.builder().text(zone).build();
        SpfVerifier ours = SpfVerifier.builder()
                .dns(dns)
                .trace(true)
                .limits(SpfLimits.builder().voidLookups(SpfLimits.MAX_NUMBER).build())
                .build();
        for (String client : CLIENTS) {
            String sender = random.nextBoolean() ? "user-tag@d.example" : "d.example";
            SpfResult result = ours.verify(SpfQuery.mailFrom(InetAddress.getByName(client), sender, "helo.example"));
            String theirs = new SPF(new ZoneDns(dns))
                    .checkSPF(client, sender, "helo.example")
                    .getResult();
            if (!result.verdict().text().equals(theirs)) {
                assertThat(explanations(zone, result.trace().orElse(null)))
                        .as(
                                "%s: ours %s (%s), jSPF %s for%n%s",
                                client, result.verdict(), result.problem(), theirs, zone)
                        .isNotEmpty();
            }
        }
    }

    private static List<Explained> explanations(String zone, @Nullable SpfTrace trace) {
        List<SpfTrace> traces = new ArrayList<>();
        collect(trace, traces);
        List<Explained> explanations = new ArrayList<>();
        if (steps(traces, Mechanism.Mx.class) >= 2) {
            explanations.add(Explained.MX_WITHOUT_ADDRESS_THEN_MX);
        }
        if (traces.stream()
                .flatMap(t -> t.record().stream())
                .anyMatch(record -> record.text().equals("v=spf1"))) {
            explanations.add(Explained.EMPTY_RECORD);
        }
        if (zone.contains("PTR H") && steps(traces, Mechanism.Ptr.class) > 0) {
            explanations.add(Explained.PTR_CASE);
        }
        return explanations;
    }

    private static void collect(@Nullable SpfTrace trace, List<SpfTrace> traces) {
        if (trace != null) {
            traces.add(trace);
            trace.steps().forEach(step -> collect(step.nested().orElse(null), traces));
        }
    }

    private static long steps(List<SpfTrace> traces, Class<? extends Mechanism> mechanism) {
        return traces.stream()
                .flatMap(trace -> trace.steps().stream())
                .filter(step -> mechanism.isInstance(step.term()))
                .count();
    }

    private static String zone(Random random) {
        StringJoiner zone = new StringJoiner("\n", "$TTL 60\n", "\n");
        for (int i = 0; i < NAMES.length; i++) {
            zone.add(NAMES[i] + ". TXT \"" + record(random, i) + "\"");
        }
        zone.add("h1.example. A 192.0.2.1").add("h1.example. AAAA 2001:db8::1");
        zone.add("h2.example. A 198.51.100.5").add("h2.example. A 192.0.2.9");
        zone.add("h3.example. AAAA 2001:db8:7::9");
        zone.add("d.example. A 192.0.2.77");
        zone.add("d.example. MX 10 " + pick(random, HOSTS) + ".").add("d.example. MX 20 h2.example.");
        zone.add("i1.example. MX 10 " + pick(random, HOSTS) + ".");
        zone.add("1.2.0.192.in-addr.arpa. PTR " + (random.nextInt(4) == 0 ? "H1.Example." : "h1.example."));
        zone.add("5.100.51.198.in-addr.arpa. PTR h2.example.");
        zone.add("user.d.example. A 127.0.0.2").add("1.2.0.192.x.example. A 127.0.0.2");
        return zone.toString();
    }

    // Includes lead to later names only, and the number of terms keeps within the limit of lookups.
    private static String record(Random random, int index) {
        StringJoiner record = new StringJoiner(" ");
        record.add("v=spf1");
        int terms = random.nextInt(4);
        for (int i = 0; i < terms; i++) {
            record.add(pick(random, "", "", "+", "-", "~", "?") + mechanism(random, index));
        }
        if (index < NAMES.length - 1 && random.nextInt(4) == 0) {
            record.add("redirect=" + NAMES[index + 1]);
        } else if (random.nextInt(3) > 0) {
            record.add(pick(random, "-all", "~all", "?all", "all"));
        }
        return record.toString();
    }

    private static String mechanism(Random random, int index) {
        switch (random.nextInt(index < NAMES.length - 1 && index < 2 ? 9 : 8)) {
            case 0:
                return "ip4:192.0.2." + random.nextInt(256) + "/" + random.nextInt(8, 33);
            case 1:
                return "ip6:2001:db8::" + random.nextInt(9) + "/" + random.nextInt(16, 129);
            case 2:
                return "a:" + pick(random, HOSTS);
            case 3:
                return "a:" + pick(random, HOSTS) + "/" + random.nextInt(8, 33) + "//" + random.nextInt(16, 129);
            case 4:
                return "mx" + pick(random, "", ":i1.example", "/24", ":d.example");
            case 5:
                return "exists:" + pick(random, "%{l1r-}.%{d2}", "%{ir}.x.example", "%{l}.none.example", "%{o}");
            case 6:
                return pick(random, "ptr:example", "ptr:h1.example", "ptr", "ptr:other.test");
            case 7:
                return "ip4:198.51.100.5";
            default:
                return "include:" + NAMES[index + 1 + random.nextInt(NAMES.length - 1 - index)];
        }
    }

    private static String pick(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** jSPF's view of a zone. */
    private record ZoneDns(DnsClient zone) implements DNSService {

        @Override
        public @Nullable List<String> getRecords(DNSRequest request) {
            int type = switch (request.getRecordType()) {
                case DNSRequest.A -> Type.A;
                case DNSRequest.AAAA -> Type.AAAA;
                case DNSRequest.MX -> Type.MX;
                case DNSRequest.PTR -> Type.PTR;
                case DNSRequest.TXT -> Type.TXT;
                default -> Type.NULL;
            };
            if (type == Type.NULL
                    || !(zone.query(DomainNames.of(request.getHostname()), type)
                                    .toCompletableFuture()
                                    .join()
                            instanceof Records answer)) {
                return null;
            }
            List<String> texts = new ArrayList<>();
            Map<Integer, String> exchangers = new TreeMap<>();
            for (Record record : answer.records()) {
                if (record instanceof MXRecord mx) {
                    exchangers.put(mx.getPriority(), DomainNames.text(mx.getTarget()));
                } else {
                    texts.add(text(record));
                }
            }
            texts.addAll(exchangers.values());
            return texts;
        }

        private static String text(Record record) {
            if (record instanceof TXTRecord txt) {
                return new String(Records.text(txt), StandardCharsets.ISO_8859_1);
            }
            if (record instanceof ARecord a) {
                return a.getAddress().getHostAddress();
            }
            if (record instanceof AAAARecord aaaa) {
                return aaaa.getAddress().getHostAddress();
            }
            return DomainNames.text(((PTRRecord) record).getTarget());
        }

        @Override
        public CompletionStage<List<String>> getRecordsAsync(DNSRequest request) {
            return CompletableFuture.completedFuture(getRecords(request));
        }

        @Override
        public List<String> getLocalDomainNames() {
            return List.of("localhost");
        }

        @Override
        public void setTimeOut(int timeOut) {}

        @Override
        public int getRecordLimit() {
            return 10;
        }

        @Override
        public void setRecordLimit(int recordLimit) {}
    }
}
