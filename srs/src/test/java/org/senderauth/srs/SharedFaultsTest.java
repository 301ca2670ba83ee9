package org.senderauth.srs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.srs.SrsFixture.OLD_SECRET;
import static org.senderauth.srs.SrsFixture.day;
import static org.senderauth.srs.SrsFixture.forward;
import static org.senderauth.srs.SrsFixture.reverse;
import static org.senderauth.srs.SrsFixture.srs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The faults that all other programs share exist in their modes, and not in our own form. */
class SharedFaultsTest {

    private static Srs predecessor(SrsMode mode) {
        return Srs.builder()
                .keyring(SrsKeyring.builder()
                        .sign(OLD_SECRET, SrsFormat.of(mode))
                        .build())
                .domain(SrsFixture.DOMAIN)
                .clock(day(0))
                .build();
    }

    @ParameterizedTest
    @EnumSource(
            value = SrsMode.class,
            names = {"HARDENED", "EXIM"},
            mode = EnumSource.Mode.EXCLUDE)
    void borderOfHostAndUserIsSigned(SrsMode mode) {
        String theirs = forward(predecessor(mode), "mbob@example.co");
        assertThat(reverse(predecessor(mode), moved(theirs))).isEqualTo("bob@example.com");
        String ours = forward(srs(), "mbob@example.co");
        assertThat(reverse(srs(), moved(ours))).isEqualTo("FORGED WRONG_HASH");
    }

    private static String moved(String address) {
        return address.replace("=example.co=mbob@", "=example.com=bob@");
    }

    @ParameterizedTest
    @EnumSource(
            value = SrsMode.class,
            names = {"HARDENED", "EXIM"},
            mode = EnumSource.Mode.EXCLUDE)
    void srs1HashIsInvalidForSrs0(SrsMode mode) {
        String sender = "SRS0=x=y=z@elexample.com";
        assertThat(reverse(predecessor(mode), asSrs0(forward(predecessor(mode), sender))))
                .isEqualTo("=x=y=z@example.com");
        String complete = "SRS0=w=x=y=z@elexample.com";
        String wrapped = forward(srs(), complete);
        assertThat(wrapped).startsWith("SRS1=");
        assertThat(reverse(srs(), asSrs0(wrapped))).isEqualTo("FORGED WRONG_HASH");
    }

    private static String asSrs0(String srs1) {
        return srs1.replace("SRS1=", "SRS0=").replace("=elexample.com=", "=EL=example.com=");
    }

    @Test
    void dateIsSignedUnlikeExim() {
        Srs exim = predecessor(SrsMode.EXIM);
        assertThat(reverse(exim, "SRS0=f21c=ea=example.org=alice@srs.example.net"))
                .isEqualTo("EXPIRED TOO_OLD");
        assertThat(reverse(exim, "SRS0=f21c=el=example.org=alice@srs.example.net"))
                .isEqualTo("alice@example.org");
        String old = forward(SrsFixture.builder().clock(day(-30)).build(), "alice@example.org");
        String fresh = forward(srs(), "alice@example.org");
        String stamp = fresh.substring("SRS0=aaaaaaaa".length(), "SRS0=aaaaaaaa=EL=".length());
        String renewed = old.replaceFirst("=[A-Z2-7]{2}=", stamp);
        assertThat(reverse(srs(), renewed)).isEqualTo("FORGED WRONG_HASH");
    }
}
