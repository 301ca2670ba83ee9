package org.senderauth.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.senderauth.csv.CsaRecord.Authorization;
import org.senderauth.csv.MprOutcome.InChannel;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.IpAddresses;
import org.xbill.DNS.APLRecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Label boundaries, bits and prefixes, for any name, number and address. */
class CsvPropertiesTest {

    private static final InetAddress CLIENT = IpAddresses.parse("192.0.2.1").orElseThrow();

    /** A name, and another that is below it, above it, next to it, or only looks so: its text ends alike. */
    record Names(String upper, String lower) {

        /** Whether the labels of the lower name end with those of the upper: the rule, without any DNS library. */
        boolean isAtOrBelow() {
            List<String> above = List.of(upper.toLowerCase(Locale.ROOT).split("\\."));
            List<String> below = List.of(lower.toLowerCase(Locale.ROOT).split("\\."));
            int extra = below.size() - above.size();
            return extra >= 0 && below.subList(extra, below.size()).equals(above);
        }

        int level() {
            return upper.split("\\.").length;
        }
    }

    @Provide
    Arbitrary<Names> names() {
        // Few letters, so that labels are often alike or begin alike.
        Arbitrary<String> label =
                Arbitraries.strings().withChars("aAb").ofMinLength(1).ofMaxLength(2);
        Arbitrary<String> name = label.list().ofMinSize(1).ofMaxSize(7).map(labels -> String.join(".", labels));
        Arbitrary<String> joint = Arbitraries.of(".", "", "-", ".x.");
        return Combinators.combine(name, name, joint, Arbitraries.integers().between(0, 3))
                .as((upper, front, between, how) -> switch (how) {
                    case 0 -> new Names(upper, front);
                    case 1 -> new Names(upper, upper);
                    default -> new Names(upper, front + between + upper);
                });
    }

    @Property
    void channelEndsAtALabelBoundary(@ForAll("names") Names names) {
        String owner = "_mp._smtp.bank.test. 60 IN ";
        DnsClient dns = CsaZones.of(owner + "A 127.1.0.1\n" + owner + "PTR " + names.upper + ".\n" + "_client._smtp."
                + names.lower + ". 60 IN SRV 1 2 0 host.test.\nhost.test. 60 IN A 192.0.2.1");
        CsvVerifier csv = CsvVerifier.builder().dns(dns).build();
        CsaResult session = csv.verify(CsvQuery.of(CLIENT, names.lower)).csa();
        MprOutcome finding = csv.mailPolicy(MprQuery.mailFrom("alice@bank.test", session))
                .join()
                .detail();

        assertThat(session.verdict()).isEqualTo(CsaVerdict.PASS);
        assertThat(finding instanceof InChannel).isEqualTo(names.isAtOrBelow());
    }

    @Property
    void explicitParentCoversWhatIsBelowItsLabels(@ForAll("names") Names names) {
        DnsClient dns = CsaZones.of("_client._smtp." + names.upper + ". 60 IN SRV 1 1 1 " + names.upper + ".");
        CsaVerdict outcome = CsvVerifier.builder()
                .dns(dns)
                .build()
                .verify(CsvQuery.of(CLIENT, names.lower))
                .verdict();

        boolean same = names.lower.equalsIgnoreCase(names.upper);
        boolean covered = names.isAtOrBelow() && !same && names.level() >= 2 && names.level() <= 6;
        assertThat(outcome == CsaVerdict.FAIL_EXPLICIT).isEqualTo(covered);
        assertThat(outcome == CsaVerdict.FAIL_NOT_AUTHORIZED).isEqualTo(same);
    }

    @Property
    void ignoresUndefinedBitsOfCsaRecord(
            @ForAll @IntRange(max = 65535) int version,
            @ForAll @IntRange(max = 65535) int weight,
            @ForAll @IntRange(max = 65535) int port) {
        CsaRecord record = new CsaRecord(version % 4, weight, port, DomainNames.of("host.example"));

        assertThat(record.isUnderstood()).isEqualTo(version % 4 == 1);
        assertThat(record.isExplicit()).isEqualTo(port % 2 == 1);
        assertThat(record.authorization() == Authorization.RESERVED).isEqualTo(weight >= 4);
        // the reserved bits taken away, it is one of the four
        CsaRecord defined = new CsaRecord(1, weight % 4, port, record.target());
        assertThat(defined.authorization() == Authorization.NOT_AUTHORIZED).isEqualTo(weight % 4 < 2);
    }

    @Property
    void ignoresUndefinedBitsOfMailPolicy(
            @ForAll @IntRange(max = 255) int net,
            @ForAll @IntRange(max = 255) int version,
            @ForAll @IntRange(max = 255) int send,
            @ForAll @IntRange(max = 255) int require)
            throws UnknownHostException {
        byte[] octets = {(byte) net, (byte) version, (byte) send, (byte) require};
        assertThat(MprRecord.of(InetAddress.getByAddress(octets)).isPresent()).isEqualTo(net == 127 && version == 1);

        octets[0] = 127;
        octets[1] = 1;
        Optional<MprRecord> policy = MprRecord.of(InetAddress.getByAddress(octets));
        assertThat(policy).contains(new MprRecord(send, require));
        assertThat(policy.orElseThrow().demands(MprIdentity.MAIL_FROM)).isEqualTo(require % 2 == 1);
        assertThat(policy.orElseThrow().demands(MprIdentity.FROM)).isEqualTo(require / 2 % 2 == 1);
    }

    // RFC 3123 section 4: afi, prefix, N | length, and the address without the zero octets at its end.
    @Property
    void prefixOfAnAplRecordIsReadAsItIsOnTheWire(
            @ForAll boolean ipv6,
            @ForAll boolean negated,
            @ForAll @Size(16) byte[] address,
            @ForAll @IntRange(max = 16) int zeros,
            @ForAll @IntRange(max = 128) int bits)
            throws UnknownHostException {
        byte[] network = Arrays.copyOf(address, ipv6 ? 16 : 4);
        network[0] |= 0x20; // not an IPv4-mapped address
        Arrays.fill(network, Math.max(1, network.length - zeros), network.length, (byte) 0);
        int sent = network.length;
        while (sent > 0 && network[sent - 1] == 0) {
            sent--;
        }
        int length = bits % (network.length * 8 + 1);
        byte[] rdata = new byte[4 + sent];
        rdata[1] = (byte) (ipv6 ? 2 : 1);
        rdata[2] = (byte) length;
        rdata[3] = (byte) ((negated ? 0x80 : 0) | sent);
        System.arraycopy(network, 0, rdata, 4, sent);
        Record record = Record.newRecord(DomainNames.of("a.example"), Type.APL, DClass.IN, 60, rdata.length, rdata);

        assertThat(AddressPrefix.in((APLRecord) record))
                .containsExactly(new AddressPrefix(negated, InetAddress.getByAddress(network), length));
    }
}
