package org.senderauth.postfix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.batv.BatvKeys;
import org.senderauth.core.SecretKeys;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesKey;
import org.senderauth.ses.SesKeyring;
import org.senderauth.testkit.SteppingClock;

class AddressMapsTest {

    private final SteppingClock clock = SteppingClock.at(Instant.parse("2026-11-23T12:00:00Z"));
    private final Batv batv = Batv.builder()
            .keys(BatvKeys.perDomain(Map.of("example.org", BatvKeyring.of(SecretKeys.ofWeak("probe-key".getBytes())))))
            .clock(clock)
            .build();
    private final Ses ses = Ses.builder()
            .keyring(SesKeyring.builder()
                    .add("example.org", SesKey.of(SecretKeys.of(new byte[20])))
                    .build())
            .clock(clock)
            .build();

    private static String value(Function<String, MapReply> map, String key) {
        return map.apply(key).text();
    }

    // The tag that Exim 4.96 gives with this key on this day.
    @Test
    void signGivesEximsTagAndUnsignTakesItAway() {
        String tagged = "prvs=07876e2bb5=alice@example.org";
        assertThat(value(AddressMaps.sign(batv), "alice@example.org")).isEqualTo("OK " + tagged);
        assertThat(value(AddressMaps.unsign(batv), tagged)).isEqualTo("OK alice@example.org");
        assertThat(value(AddressMaps.unsign(batv), "prvs=07876e2bb6=alice@example.org"))
                .isEqualTo("NOTFOUND ");
    }

    @Test
    void expiredTagIsStillTakenAway() {
        clock.advance(Duration.ofDays(30));
        assertThat(value(AddressMaps.unsign(batv), "prvs=07876e2bb5=alice@example.org"))
                .isEqualTo("OK alice@example.org");
    }

    @Test
    void everyMapIsIdempotent() {
        for (var pair : Map.of(
                        AddressMaps.sign(batv), AddressMaps.unsign(batv),
                        AddressMaps.sesSign(ses), AddressMaps.sesUnsign(ses))
                .entrySet()) {
            String signed = value(pair.getKey(), "alice@example.org").substring("OK ".length());
            assertThat(pair.getKey().apply(signed)).isEqualTo(MapReply.NOT_FOUND);
            assertThat(value(pair.getValue(), signed)).isEqualTo("OK alice@example.org");
            assertThat(pair.getValue().apply("alice@example.org")).isEqualTo(MapReply.NOT_FOUND);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"\"",
                "<>",
                "alice",
                "@example.org",
                "alice@",
                "alice@example.com",
                "SRS0=HHH=TT=example.com=bob@example.org",
                "a\tb@example.org",
                "\"open@example.org"
            })
    void whatIsNoSenderOfOursHasNoValue(String key) {
        assertThat(AddressMaps.sign(batv).apply(key)).isEqualTo(MapReply.NOT_FOUND);
        assertThat(AddressMaps.unsign(batv).apply(key)).isEqualTo(MapReply.NOT_FOUND);
        assertThat(AddressMaps.sesSign(ses).apply(key)).isEqualTo(MapReply.NOT_FOUND);
        assertThat(AddressMaps.sesUnsign(ses).apply(key)).isEqualTo(MapReply.NOT_FOUND);
    }

    @Test
    void keysThatCannotBeHadAreTroubleAndNoVerdict() {
        Batv away = Batv.builder()
                .keys(domain -> new BatvKeys.Unavailable("the store is away"))
                .clock(clock)
                .build();
        assertThat(value(AddressMaps.sign(away), "alice@example.org")).startsWith("TEMP ");
        assertThat(value(AddressMaps.unsign(away), "prvs=07876e2bb5=alice@example.org"))
                .startsWith("TEMP ");
        Ses numberless = Ses.builder()
                .keyring(SesKeyring.forAnyDomain(SesKey.of(SecretKeys.of(new byte[20]))))
                .messageIds(timecode -> {
                    throw new IOException("disk full");
                })
                .build();
        assertThat(value(AddressMaps.sesSign(numberless), "alice@example.org"))
                .isEqualTo("TEMP the signature cannot be made now");
    }
}
