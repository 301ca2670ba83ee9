package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.testkit.ManualClock;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** The server's answers as octets; what it does with those it should never get. */
class DnsResponderTest {

    private static final InetAddress CLIENT = InetAddress.getLoopbackAddress();

    private final ManualClock clock = ManualClock.at(SesFixture.NOON);
    private final Ses ses = SesFixture.ses(clock).build();
    private final DnsResponder responder = new DnsResponder(
            SesZone.builder(ses, "ns1.example.org").domain("example.org").build());

    private final List<String> signedNames =
            List.of(signedName(), "_spf_verify.example.org.", "a.b._SPF_verify.example.ORG.", "example.net.");

    private byte[] answer(byte[] query, boolean udp) {
        return responder.answer(query, CLIENT, udp).toCompletableFuture().join();
    }

    private Message answer(Message query) throws IOException {
        return new Message(answer(query.toWire(), true));
    }

    private static Message query(String name, int type) throws IOException {
        return Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
    }

    private String signedName() {
        return ses.sign(SesFixture.ALICE).localPart() + "._spf_verify.example.org.";
    }

    @Test
    void questionComesBackByteForByte() throws IOException {
        String mixed = signedName().replace("_spf_verify.example", "_sPf_VeRiFy.ExAmPlE");
        byte[] query = query(mixed, Type.A).toWire();
        byte[] answer = answer(query, true);
        assertThat(Arrays.copyOfRange(answer, 12, query.length)).isEqualTo(Arrays.copyOfRange(query, 12, query.length));
        Message message = new Message(answer);
        assertThat(message.getSection(Section.QUESTION)).hasSize(1);
        assertThat(message.getSection(Section.ANSWER).get(0).getName()).hasToString(mixed);
        assertThat(message.getHeader().getFlag(Flags.AA)).isTrue();
        assertThat(message.getHeader().getFlag(Flags.QR)).isTrue();
        assertThat(message.getHeader().getFlag(Flags.RD)).isTrue();
        assertThat(message.getHeader().getFlag(Flags.RA)).isFalse();
        assertThat(message.getOPT()).isNull();
    }

    @Test
    void neverReturnsNxdomainBelowZone() throws IOException {
        for (String left : new String[] {"x.", "SES=B=bob.", "", "a.b.c.", "*."}) {
            Message message = answer(query(left + "_spf_verify.example.org.", Type.A));
            assertThat(message.getRcode()).isEqualTo(Rcode.NOERROR);
            assertThat(message.getSection(Section.ANSWER)).isEmpty();
            assertThat(message.getSection(Section.AUTHORITY).get(0).getType()).isEqualTo(Type.SOA);
            assertThat(message.getSection(Section.AUTHORITY).get(0).getTTL()).isEqualTo(60);
            assertThat(message.getHeader().getFlag(Flags.AA)).isTrue();
        }
    }

    @Test
    void foreignNamesAndTransfersAreRefused() throws IOException {
        Message[] queries = {
            query("example.org.", Type.A),
            query("example.com.", Type.A),
            query(".", Type.NS),
            query(signedName(), Type.ANY),
            query("_spf_verify.example.org.", Type.AXFR),
            query("_spf_verify.example.org.", Type.IXFR),
            Message.newQuery(Record.newRecord(Name.fromString(signedName()), Type.A, DClass.CH)),
        };
        for (Message query : queries) {
            Message message = answer(query);
            assertThat(message.getRcode()).isEqualTo(Rcode.REFUSED);
            assertThat(message.getHeader().getFlag(Flags.AA)).isFalse();
            assertThat(message.getSection(Section.AUTHORITY)).isEmpty();
        }
    }

    @Test
    void otherOpcodesAreNotImplemented() throws IOException {
        for (int opcode : new int[] {Opcode.NOTIFY, Opcode.UPDATE, Opcode.STATUS, 15}) {
            byte[] query = query(signedName(), Type.A).toWire();
            query[2] = (byte) (opcode << 3 | 1);
            byte[] answer = answer(query, true);
            assertThat(answer).hasSize(12);
            assertThat(answer[0]).isEqualTo(query[0]);
            assertThat(answer[1]).isEqualTo(query[1]);
            assertThat(answer[2] & 0xff).isEqualTo(0x80 | opcode << 3 | 1);
            assertThat(answer[3]).isEqualTo((byte) Rcode.NOTIMP);
        }
    }

    @Test
    void answersAndRunts() throws IOException {
        byte[] query = query(signedName(), Type.A).toWire();
        assertThat(answer(Arrays.copyOf(query, 11), true)).isNull();
        assertThat(answer(new byte[0], true)).isNull();
        query[2] |= (byte) 0x80;
        assertThat(answer(query, true)).isNull();
    }

    @Test
    void badMessagesAreFormatErrors() throws IOException {
        byte[] good = query(signedName(), Type.A).toWire();
        byte[] none = good.clone();
        none[5] = 0;
        byte[] two = good.clone();
        two[5] = 2;
        byte[] cut = Arrays.copyOf(good, good.length - 3);
        byte[] loop = {1, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, (byte) 0xc0, 12, 0, 1, 0, 1};
        byte[] onlyHeader = Arrays.copyOf(good, 12);
        for (byte[] query : new byte[][] {none, two, cut, loop, onlyHeader}) {
            byte[] answer = answer(query, true);
            assertThat(answer).hasSize(12);
            assertThat(answer[3]).isEqualTo((byte) Rcode.FORMERR);
        }
        Message twice = query(signedName(), Type.A);
        twice.addRecord(Record.newRecord(Name.fromString("x."), Type.A, DClass.IN), Section.QUESTION);
        assertThat(answer(twice).getRcode()).isEqualTo(Rcode.FORMERR);
        Message options = query(signedName(), Type.A);
        options.addRecord(new OPTRecord(1232, 0, 0, 0), Section.ADDITIONAL);
        options.addRecord(new OPTRecord(1232, 0, 0, 0), Section.ADDITIONAL);
        assertThat(answer(options).getRcode()).isEqualTo(Rcode.FORMERR);
    }

    @Test
    void ednsIsAnsweredWithEdns() throws IOException {
        Message query = query(signedName(), Type.A);
        query.addRecord(new OPTRecord(4096, 0, 0, Flags.QR), Section.ADDITIONAL);
        Message message = answer(query);
        assertThat(message.getSection(Section.ANSWER)).hasSize(1);
        assertThat(message.getOPT().getPayloadSize()).isEqualTo(1232);
        assertThat(message.getOPT().getVersion()).isZero();
    }

    @Test
    void laterEdnsVersionsAreBad() throws IOException {
        Message query = query(signedName(), Type.A);
        query.addRecord(new OPTRecord(4096, 0, 1, 0), Section.ADDITIONAL);
        Message message = answer(query);
        assertThat(message.getRcode()).isEqualTo(Rcode.BADVERS);
        assertThat(message.getSection(Section.ANSWER)).isEmpty();
        assertThat(message.getOPT().getVersion()).isZero();
    }

    @Test
    void ledgerThatIsDownIsServfail() throws IOException {
        Ses down = SesFixture.ses(clock).ledger(SesFixture.DOWN).build();
        DnsResponder broken = new DnsResponder(
                SesZone.builder(down, "ns1.example.org").domain("example.org").build());
        byte[] query = query(down.sign(SesFixture.ALICE).localPart() + "._spf_verify.example.org.", Type.A)
                .toWire();
        assertThat(new Message(broken.answer(query, CLIENT, true)
                                .toCompletableFuture()
                                .join())
                        .getRcode())
                .isEqualTo(Rcode.SERVFAIL);
    }

    @Test
    void answerThatWouldAmplifyIsTruncated() throws IOException {
        SesZone.Builder many = SesZone.builder(
                ses,
                "a-rather-long-name-of-a-server.one.example.net",
                "a-rather-long-name-of-a-server.two.example.com",
                "a-rather-long-name-of-a-server.three.example");
        DnsResponder large = new DnsResponder(many.domain("example.org").build());
        byte[] query = query("_spf_verify.example.org.", Type.NS).toWire();
        Message udp = new Message(
                large.answer(query, CLIENT, true).toCompletableFuture().join());
        assertThat(udp.getHeader().getFlag(Flags.TC)).isTrue();
        assertThat(udp.getSection(Section.ANSWER)).isEmpty();
        Message tcp = new Message(
                large.answer(query, CLIENT, false).toCompletableFuture().join());
        assertThat(tcp.getHeader().getFlag(Flags.TC)).isFalse();
        assertThat(tcp.getSection(Section.ANSWER)).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"43, false", "44, true"})
    void answerMayBeTwoAndAHalfTimesItsQuestion(int label, boolean truncated) throws IOException {
        SesZone.Builder zone = SesZone.builder(ses, "n".repeat(label) + ".net").domain("example.org");
        byte[] query = query("_spf_verify.example.org.", Type.NS).toWire();
        byte[] answer = new DnsResponder(zone.build())
                .answer(query, CLIENT, true)
                .toCompletableFuture()
                .join();
        assertThat(new Message(answer).getHeader().getFlag(Flags.TC)).isEqualTo(truncated);
        assertThat(answer).hasSize(truncated ? query.length : query.length * 5 / 2);
    }

    @Test
    void limitedAnswerIsHeaderAndQuestionAlone() throws IOException {
        for (String name : new String[] {signedName(), "x._spf_verify.example.org."}) {
            byte[] query = query(name, Type.A).toWire();
            byte[] slipped = responder.limited(DnsQuery.parse(query), CLIENT);
            assertThat(slipped).hasSameSizeAs(query);
            assertThat(new Message(slipped).getHeader().getFlag(Flags.TC)).isTrue();
        }
    }

    @Test
    void truncatedAnswerThatThereIsNothingHasNoSoaEither() throws IOException {
        DnsResponder large = new DnsResponder(SesZone.builder(ses, "a-rather-long-name-of-a-server.one.example.net")
                .hostmaster("a-rather-long-name-of-a-mailbox.two.example.com")
                .domain("example.org")
                .build());
        byte[] query = query("_spf_verify.example.org.", Type.A).toWire();
        byte[] answer = large.answer(query, CLIENT, true).toCompletableFuture().join();
        assertThat(answer).hasSameSizeAs(query);
        assertThat(new Message(answer).getHeader().getFlag(Flags.TC)).isTrue();
        Message tcp = new Message(
                large.answer(query, CLIENT, false).toCompletableFuture().join());
        assertThat(tcp.getSection(Section.AUTHORITY)).hasSize(1);
    }

    // dnsjava reads what we write: an implementation apart.
    @Property(tries = 2000)
    void noRandomPacketGetsMalformedResponse(@ForAll Random random) throws IOException {
        for (int i = 0; i < Integer.getInteger("ses.fuzz-packets", 20_000) / 2000; i++) {
            byte[] packet = query(signedNames.get(random.nextInt(signedNames.size())), random.nextInt(64))
                    .toWire();
            for (int damages = random.nextInt(4); damages > 0; damages--) {
                packet[2 + random.nextInt(packet.length - 2)] = (byte) random.nextInt();
            }
            packet = Arrays.copyOf(packet, packet.length + Math.max(0, random.nextInt(60) - 40));
            byte[] answer = answer(packet, random.nextBoolean());
            if (answer != null) {
                Message message = new Message(answer);
                assertThat(message.getHeader().getID()).isEqualTo((packet[0] & 0xff) << 8 | packet[1] & 0xff);
                assertThat(message.toWire()).hasSizeLessThanOrEqualTo(answer.length);
            }
        }
    }

    @Property(tries = 3000)
    void neverThrowsForAnyBytes(@ForAll byte[] query) {
        bounded(query);
    }

    @Property(tries = 5000)
    void neverThrowsForDamagedBytes(@ForAll("damaged") byte[] query) {
        bounded(query);
    }

    private void bounded(byte[] query) {
        byte[] answer = answer(query, true);
        if (answer != null) {
            assertThat(answer.length).isLessThanOrEqualTo(Math.min(1232, query.length * 5 / 2));
        }
        answer(query, false);
    }

    @Provide
    Arbitrary<byte[]> damaged() throws IOException {
        Message whole = query(signedName(), Type.A);
        whole.addRecord(new OPTRecord(1232, 0, 0, 0), Section.ADDITIONAL);
        byte[] good = whole.toWire();
        return Arbitraries.integers()
                .between(0, good.length)
                .flatMap(length -> Arbitraries.bytes()
                        .array(byte[].class)
                        .ofMinSize(0)
                        .ofMaxSize(8)
                        .flatMap(damage -> Arbitraries.integers()
                                .between(0, good.length)
                                .map(at -> {
                                    byte[] octets = Arrays.copyOf(good, Math.max(length, 12));
                                    for (int i = 0; i < damage.length && at + i < octets.length; i++) {
                                        octets[at + i] = damage[i];
                                    }
                                    return octets;
                                })));
    }
}
