package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.testkit.ManualClock;
import org.xbill.DNS.CookieOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** DNS cookies, RFC 7873 and RFC 9018. */
class ServerCookiesTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final String CLIENT_COOKIE = "2464c4abcf10c957";

    // The secret of RFC 9018 appendix A.1.
    private final long[] key = {word("e5e973e5a6b2a43f"), word("48e7dc849e37bfcf")};
    private final ManualClock clock = ManualClock.at(SesFixture.NOON);
    private final InetAddress client = address("198.51.100.100");
    private final DnsResponder responder = responder(clock);

    private DnsResponder responder(ManualClock time) {
        Ses ses = SesFixture.ses(time).build();
        return new DnsResponder(
                SesZone.builder(ses, "ns1.example.org").domain("example.org").build(),
                new ServerCookies(key[0], key[1], time));
    }

    private static long word(String hex) {
        return ByteBuffer.wrap(HEX.parseHex(hex)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    private static InetAddress address(String text) {
        return org.senderauth.dns.IpAddresses.parse(text).orElseThrow();
    }

    private static byte[] query(String cookie) throws IOException {
        Message query =
                Message.newQuery(Record.newRecord(Name.fromString("_spf_verify.example.org."), Type.SOA, DClass.IN));
        query.addRecord(option(cookie), Section.ADDITIONAL);
        return query.toWire();
    }

    private static OPTRecord option(String cookie) {
        return new OPTRecord(1232, 0, 0, 0, new GenericEDNSOption(EDNSOption.Code.COOKIE, HEX.parseHex(cookie)));
    }

    private Message answer(DnsResponder by, String cookie, InetAddress from) throws IOException {
        return new Message(
                by.answer(query(cookie), from, true).toCompletableFuture().join());
    }

    private static String cookie(Message answer) {
        CookieOption option = (CookieOption)
                answer.getOPT().getOptions(EDNSOption.Code.COOKIE).get(0);
        return HEX.formatHex(option.getClientCookie())
                + HEX.formatHex(option.getServerCookie().orElseThrow());
    }

    // RFC 9018 appendix A: client cookie, address, time, server cookie.
    @ParameterizedTest
    @CsvSource({
        "2464c4abcf10c957, 198.51.100.100, 1559731985, 010000005cf79f111f8130c3eee29480",
        "fc93fc62807ddb86, 203.0.113.203, 1559728000, 01abcdef5cf78f71a314227b6679ebf5"
    })
    void acceptsCookiesOfRfc9018(String clientCookie, String address, long time, String serverCookie)
            throws IOException {
        ManualClock then = ManualClock.at(Instant.ofEpochSecond(time));
        DnsQuery query = DnsQuery.parse(query(clientCookie + serverCookie));
        assertThat(responder(then).hasValidCookie(query, address(address))).isTrue();
        assertThat(responder(then).hasValidCookie(query, address("192.0.2.1"))).isFalse();
    }

    @Test
    void generatesCookieOfRfc9018() throws IOException {
        ManualClock then = ManualClock.at(Instant.ofEpochSecond(1_559_731_985));
        assertThat(cookie(answer(responder(then), CLIENT_COOKIE, client)))
                .isEqualTo(CLIENT_COOKIE + "010000005cf79f111f8130c3eee29480");
    }

    @Test
    void acceptsOwnCookieFromSameAddressForAnHour() throws IOException {
        for (String from : new String[] {"198.51.100.100", "2001:db8::1"}) {
            String cookie = cookie(answer(responder, CLIENT_COOKIE, address(from)));
            DnsQuery query = DnsQuery.parse(query(cookie));
            assertThat(responder.hasValidCookie(query, address(from))).isTrue();
            assertThat(responder.hasValidCookie(query, address("2001:db8::2"))).isFalse();
            assertThat(cookie(answer(responder, cookie, address(from)))).isEqualTo(cookie);
            clock.advance(Duration.ofMinutes(31));
            assertThat(responder.hasValidCookie(query, address(from))).isTrue();
            assertThat(cookie(answer(responder, cookie, address(from)))).isNotEqualTo(cookie);
            clock.advance(Duration.ofMinutes(30));
            assertThat(responder.hasValidCookie(query, address(from))).isFalse();
        }
    }

    @Test
    void rejectsChangedCookie() throws IOException {
        byte[] cookie = HEX.parseHex(cookie(answer(responder, CLIENT_COOKIE, client)));
        for (int bit = 0; bit < 8 * cookie.length; bit++) {
            byte[] changed = cookie.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(responder.hasValidCookie(DnsQuery.parse(query(HEX.formatHex(changed))), client))
                    .as("bit %s", bit)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 9, 15, 41, 100})
    void otherLengthsAreFormatErrors(int length) throws IOException {
        assertThat(answer(responder, "00".repeat(length), client).getRcode()).isEqualTo(Rcode.FORMERR);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 40})
    void answersCookiesOfOtherServersWithOwn(int length) throws IOException {
        Message answer = answer(responder, "11".repeat(length), client);
        assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(cookie(answer)).startsWith("11".repeat(8) + "01000000").hasSize(48);
    }

    @Test
    void answersQueryWithoutQuestion() throws IOException {
        Message query = new Message();
        query.addRecord(option(CLIENT_COOKIE), Section.ADDITIONAL);
        Message answer = new Message(responder
                .answer(query.toWire(), client, true)
                .toCompletableFuture()
                .join());
        assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(cookie(answer)).startsWith(CLIENT_COOKIE);
    }

    @Test
    void limitedClientGetsBadCookieAndNewOne() throws IOException {
        byte[] query = query(CLIENT_COOKIE);
        byte[] bytes = responder.limited(DnsQuery.parse(query), client);
        Message answer = new Message(bytes);
        assertThat(answer.getRcode()).isEqualTo(Rcode.BADCOOKIE);
        assertThat(bytes).hasSizeLessThan(query.length * 5 / 2);
        assertThat(responder.hasValidCookie(DnsQuery.parse(query(cookie(answer))), client))
                .isTrue();
    }
}
