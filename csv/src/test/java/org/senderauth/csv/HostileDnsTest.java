package org.senderauth.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.IpAddresses;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSInput;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Whatever the DNS sends, a check ends with a result after a bounded number of questions. */
class HostileDnsTest {

    private static final InetAddress CLIENT = IpAddresses.parse("192.0.2.1").orElseThrow();
    private static final int[] TYPES = {Type.SRV, Type.A, Type.AAAA, Type.PTR, Type.APL, Type.TXT, Type.CNAME};

    @Property(tries = 3000)
    void everyAnswerGivesAResult(@ForAll long seed, @ForAll boolean exim) {
        AtomicInteger asked = new AtomicInteger();
        DnsClient hostile = hostile(new Random(seed), asked);
        CsvVerifier verifier = CsvVerifier.builder()
                .dns(hostile)
                .mode(exim ? CsaMode.EXIM : CsaMode.RECOMMENDED)
                .trust(DnaService.whenPointedTo("b", 1))
                .trust(DnaService.always("a.b", 1))
                .trustForwarder("a.b")
                .build();
        CsvResult result = verifier.verify(CsvQuery.of(CLIENT, "h.g.f.e.d.c.b.a"));
        assertThat(asked.get()).isLessThanOrEqualTo(CsvVerifier.MAX_CSA_QUERIES + 3);
        assertThat(result.reason()).matches("[ -~]+");
        assertThat(result.authResult().toString()).matches("[ -~]{1,998}");
        result.smtpReply().ifPresent(reply -> assertThat(reply.toString()).matches("[ -~]{1,510}"));
        asked.set(0);
        MprResult policy =
                verifier.mailPolicy(MprQuery.mailFrom("a@b.a", result.csa())).join();
        assertThat(asked.get()).isLessThanOrEqualTo(4);
        assertThat(policy.reason()).matches("[ -~]+");
    }

    @Property
    void everyHeloGivesAResult(@ForAll @StringLength(max = 300) String helo, @ForAll boolean exim) {
        for (boolean reverseTree : new boolean[] {false, true}) {
            CsvVerifier verifier = CsvVerifier.builder()
                    .dns(CsaZones.of(""))
                    .mode(exim ? CsaMode.EXIM : CsaMode.RECOMMENDED)
                    .reverseTree(reverseTree)
                    .build();
            for (String text : List.of(helo, "[" + helo, "[" + helo + "]", "a." + helo)) {
                CsvResult result = verifier.verify(CsvQuery.of(CLIENT, text));
                assertThat(result.smtpReply()).isEmpty();
                assertThat(result.authResult().toString()).matches("x-csa=none [ -~]{1,990}");
            }
        }
    }

    private static DnsClient hostile(Random random, AtomicInteger asked) {
        return (name, type) -> {
            asked.incrementAndGet();
            return CompletableFuture.completedFuture(
                    switch (random.nextInt(8)) {
                        case 0 -> new DnsAnswer.NoData(null, -1);
                        case 1 -> new DnsAnswer.NoSuchDomain(name(random), Long.MAX_VALUE);
                        case 2 -> new DnsAnswer.Unavailable(DnsAnswer.Unavailable.Cause.BAD_ANSWER, "bad");
                        default -> records(random, name, type);
                    });
        };
    }

    private static DnsAnswer records(Random random, Name asked, int type) {
        List<Record> records = new ArrayList<>();
        int count = 1 + random.nextInt(12);
        while (records.size() < count) {
            // mostly of the asked type, sometimes of another
            int given = random.nextInt(4) == 0 ? TYPES[random.nextInt(TYPES.length)] : type;
            byte[] rdata = rdata(random, given);
            Record record =
                    Record.newRecord(asked, given, DClass.IN, random.nextInt(Integer.MAX_VALUE), rdata.length, rdata);
            // null: no record of this type, and the resolver would take the whole message for none
            records.add(record != null ? record : Record.newRecord(asked, Type.NULL, DClass.IN, 0, 0, new byte[0]));
        }
        List<Name> aliases = random.nextBoolean() ? List.of() : List.of(name(random));
        return new DnsAnswer.Records(records, random.nextInt(), aliases, records);
    }

    private static byte[] rdata(Random random, int type) {
        byte[] name = name(random).toWire();
        return switch (type) {
            case Type.SRV -> {
                byte[] srv = new byte[6 + name.length];
                srv[1] = (byte) random.nextInt(3);
                srv[3] = (byte) random.nextInt(5);
                srv[5] = (byte) random.nextInt(4);
                System.arraycopy(name, 0, srv, 6, name.length);
                yield srv;
            }
            case Type.PTR, Type.CNAME -> name;
            case Type.A -> new byte[] {127, 1, (byte) random.nextInt(), (byte) random.nextInt()};
            case Type.AAAA -> octets(random, 16);
            case Type.TXT -> {
                byte[] text = octets(random, 1 + random.nextInt(20));
                text[0] = (byte) (text.length - 1);
                yield text;
            }
            case Type.APL -> {
                int length = random.nextInt(5);
                byte[] apl = octets(random, 4 + length);
                apl[0] = 0;
                apl[1] = (byte) random.nextInt(4);
                apl[3] = (byte) (length | (random.nextBoolean() ? 0x80 : 0));
                yield apl;
            }
            default -> octets(random, random.nextInt(20));
        };
    }

    private static byte[] octets(Random random, int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return octets;
    }

    private static Name name(Random random) {
        byte[] label = octets(random, random.nextInt(64));
        byte[] wire = new byte[label.length == 0 ? 1 : label.length + 2];
        if (label.length > 0) {
            wire[0] = (byte) label.length;
            System.arraycopy(label, 0, wire, 1, label.length);
        }
        try {
            return new Name(new DNSInput(wire));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
