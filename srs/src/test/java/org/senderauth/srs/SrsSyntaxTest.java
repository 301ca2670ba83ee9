package org.senderauth.srs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SrsSyntaxTest {

    @ParameterizedTest
    @CsvSource({
        "SRS0=dVfY=EL=example.org=alice, =, dVfY, EL, example.org, alice",
        "srs0+dvfy=el=example.org=alice, +, dvfy, el, example.org, alice",
        "SRS0-+/9a=EL=example.org=a=b, -, +/9a, EL, example.org, a=b",
        "SRS0=f21c==example.org=alice, =, f21c, '', example.org, alice",
        "SRS0=3948=el=fwd.example.com=SRS0=AbCd=EK=example.org=joe,"
                + " =, 3948, el, fwd.example.com, SRS0=AbCd=EK=example.org=joe",
    })
    void parsesFirstForwarder(String local, char separator, String hash, String stamp, String host, String user) {
        assertThat(SrsSyntax.parse(local)).isEqualTo(new SrsSyntax.Srs0(separator, hash, stamp, host, user));
    }

    @ParameterizedTest
    @CsvSource({
        "SRS1=zmsJ=fwd.example.com==AbCd=EK=example.org=joe, =, zmsJ, fwd.example.com, =AbCd=EK=example.org=joe, true",
        "srs1-zmsJ=fwd.example.com=+AbCd=EK=example.org=joe, -, zmsJ, fwd.example.com, +AbCd=EK=example.org=joe, true",
        "SRS1+zmsJ=fwd.example.com=bob, +, zmsJ, fwd.example.com, bob, false",
        "SRS1=zmsJ=fwd.example.com==, =, zmsJ, fwd.example.com, =, false",
    })
    void parsesLaterForwarders(
            String local, char separator, String hash, String host, String inner, boolean hasSeparator) {
        SrsSyntax.Srs1 expected = new SrsSyntax.Srs1(separator, hash, host, inner);
        assertThat(SrsSyntax.parse(local)).isEqualTo(expected);
        assertThat(expected.hasSeparator()).isEqualTo(hasSeparator);
    }

    @ParameterizedTest
    @CsvSource({"joe", "SRS0.joe", "SRS0_a=b=c=d", "SRS2=a=b=c=d", "SRS0", "prvs=0896eca59c=joe", "''"})
    void ignoresUntagged(String local) {
        assertThat(SrsSyntax.parse(local)).isEqualTo(new SrsSyntax.NotSrs());
    }

    @ParameterizedTest
    @CsvSource({
        "SRS0=, hash",
        "SRS0=x, time stamp",
        "SRS0=a=b, host",
        "SRS0=a=b=c, user",
        "SRS0=a=b=c=, user",
        "SRS0=a=b==d, host",
        "SRS0==b=c=d, hash",
        "SRS1=, hash",
        "SRS1=x, host",
        "SRS1=a=b, inner part",
        "SRS1=a=b=, inner part",
        "SRS1=a==c, host",
    })
    void reportsMissingPart(String local, String part) {
        assertThat(SrsSyntax.parse(local))
                .isInstanceOfSatisfying(
                        SrsSyntax.Malformed.class,
                        malformed -> assertThat(malformed.reason()).startsWith("no " + part + " in "));
    }

    @Test
    void daysWrapAfter1024() {
        assertThat(SrsDays.stamp(139)).isEqualTo("EL");
        assertThat(SrsDays.stamp(0)).isEqualTo("AA");
        assertThat(SrsDays.stamp(1023)).isEqualTo("77");
        for (int day = 0; day < SrsDays.CYCLE; day++) {
            assertThat(SrsDays.parse(SrsDays.stamp(day))).isEqualTo(day);
            assertThat(SrsDays.parse(SrsText.lower(SrsDays.stamp(day)))).isEqualTo(day);
        }
        assertThat(SrsDays.parse("E1")).isEqualTo(SrsDays.MALFORMED);
        assertThat(SrsDays.parse("AEL")).isEqualTo(SrsDays.MALFORMED);
        assertThat(SrsDays.parse("")).isEqualTo(SrsDays.MALFORMED);
        assertThat(SrsDays.age(1023, 0)).isEqualTo(1);
        assertThat(SrsDays.age(0, 1023)).isEqualTo(1023);
    }
}
