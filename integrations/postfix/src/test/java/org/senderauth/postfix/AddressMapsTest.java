package org.senderauth.postfix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
import org.senderauth.testkit.ManualClock;

class AddressMapsTest {

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-23T12:00:00Z"));
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
    void signsLikeEximAndStrips() {
        String tagged = "prvs=07876e2bb5=alice@example.org";
        assertThat(value(AddressMaps.sign(batv), "alice@example.org")).isEqualTo("OK " + tagged);
        assertThat(value(AddressMaps.strip(batv), tagged)).isEqualTo("OK alice@example.org");
        assertThat(value(AddressMaps.verify(batv), tagged)).isEqualTo("OK alice@example.org");
    }

    @Test
    void stripsForgedTagWithoutVerifying() {
        for (String forged : List.of(
                "prvs=07876e2bb6=alice@example.org",
                "prvs=1787abcdef=alice@example.org",
                "btv1==787abcdef01==alice@example.org")) {
            assertThat(value(AddressMaps.strip(batv), forged)).isEqualTo("OK alice@example.org");
            assertThat(AddressMaps.verify(batv).apply(forged)).isEqualTo(MapReply.NOT_FOUND);
        }
        assertThat(AddressMaps.verify(batv).apply("alice@example.org")).isEqualTo(MapReply.NOT_FOUND);
    }

    // One address of each TagFormat, as other products write them.
    @Test
    void normalizesEachFormatOfAnyDomain() {
        for (String tagged : List.of(
                "prvs=07876e2bb5=joe@example.com",
                "prvs=7870139ea6=joe@example.com",
                "prvs=750139ea6=joe@example.com",
                "prvs=joe=750139ea6@example.com",
                "prvs=joe/750139ea6@example.com",
                "btv1==787abcdef01==joe@example.com",
                "msprvs1=17787AbCd-_01=joe@example.com",
                "joe+prvs=07876e2bb5@example.com",
                "prvs=07876e2bb5=prvs=07876e2bb5=joe@example.com")) {
            assertThat(value(AddressMaps.normalize(), tagged)).as(tagged).isEqualTo("OK joe@example.com");
        }
    }

    @Test
    void normalizeHasNoValueForOtherAddresses() {
        for (String other : List.of(
                "joe@example.com",
                "",
                "<>",
                "prvs=joe@example.com",
                "SRS0=abcd=ef=example.net=joe@example.com",
                "list+joe=example.net@example.com",
                "prvs=07876e2bb5=joe",
                "no address")) {
            assertThat(AddressMaps.normalize().apply(other)).as(other).isEqualTo(MapReply.NOT_FOUND);
        }
    }

    @Test
    void stripsExpiredTag() {
        clock.advance(Duration.ofDays(30));
        assertThat(value(AddressMaps.strip(batv), "prvs=07876e2bb5=alice@example.org"))
                .isEqualTo("OK alice@example.org");
        assertThat(AddressMaps.verify(batv).apply("prvs=07876e2bb5=alice@example.org"))
                .isEqualTo(MapReply.NOT_FOUND);
    }

    @Test
    void everyMapIsIdempotent() {
        for (var pair : Map.of(
                        AddressMaps.sign(batv), AddressMaps.strip(batv),
                        AddressMaps.sesSign(ses), AddressMaps.sesStrip(ses))
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
    void returnsNotFoundForForeignKeys(String key) {
        assertThat(AddressMaps.sign(batv).apply(key)).isEqualTo(MapReply.NOT_FOUND);
        assertThat(AddressMaps.strip(batv).apply(key)).isEqualTo(MapReply.NOT_FOUND);
        assertThat(AddressMaps.verify(batv).apply(key)).isEqualTo(MapReply.NOT_FOUND);
        assertThat(AddressMaps.sesSign(ses).apply(key)).isEqualTo(MapReply.NOT_FOUND);
        assertThat(AddressMaps.sesStrip(ses).apply(key)).isEqualTo(MapReply.NOT_FOUND);
    }

    @Test
    void returnsTempWhenKeysUnavailable() {
        Batv away = Batv.builder()
                .keys(domain -> new BatvKeys.Unavailable("the store is away"))
                .clock(clock)
                .build();
        assertThat(value(AddressMaps.sign(away), "alice@example.org")).startsWith("TEMP ");
        assertThat(value(AddressMaps.strip(away), "prvs=07876e2bb5=alice@example.org"))
                .startsWith("TEMP ");
        assertThat(value(AddressMaps.verify(away), "prvs=07876e2bb5=alice@example.org"))
                .startsWith("TEMP ");
        Ses numberless = Ses.builder()
                .keyring(SesKeyring.forAnyDomain(SesKey.of(SecretKeys.of(new byte[20]))))
                .serialNumbers(timecode -> {
                    throw new IOException("disk full");
                })
                .build();
        assertThat(value(AddressMaps.sesSign(numberless), "alice@example.org"))
                .isEqualTo("TEMP signing temporarily unavailable");
    }
}
