package org.senderauth.srs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.srs.SrsFixture.OLD_SECRET;
import static org.senderauth.srs.SrsFixture.day;
import static org.senderauth.srs.SrsFixture.forward;
import static org.senderauth.srs.SrsFixture.key;
import static org.senderauth.srs.SrsFixture.reverse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What real programs signed and accepted on 2026-06-15 with the secret {@code tops3cret-example}: Mail::SRS 0.31, pysrs
 * 1.0.4, libsrs2 1.0.15, PostSRSd 1.10 and 2.4.0, Exim 4.96.
 */
class PredecessorModesTest {

    private static Srs srs(SrsMode mode, int hashLength, int hashMin, char separator, long daysLater) {
        SrsFormat format = new SrsFormat(mode, separator, hashLength, hashMin);
        return Srs.builder()
                .keyring(SrsKeyring.builder()
                        .sign(OLD_SECRET, format)
                        .verify(key("older-s3cret-example"), format)
                        .build())
                .domain(SrsFixture.DOMAIN)
                .clock(day(daysLater))
                .build();
    }

    private static Srs srs(SrsMode mode) {
        return srs(mode, 4, 4, '=', 0);
    }

    @ParameterizedTest
    @CsvSource({
        "MAIL_SRS, joe@example.org, SRS0=+HGl=EL=example.org=joe",
        "PYSRS, joe@example.org, SRS0=+HGl=EL=example.org=joe",
        "LIBSRS2, joe@example.org, SRS0=+HGl=EL=example.org=joe",
        "POSTSRSD1, joe@example.org, SRS0=+HGl=EL=example.org=joe",
        "POSTSRSD2, joe@example.org, SRS0=-HGl=EL=example.org=joe",
        "EXIM, joe@example.org, SRS0=3f7e=el=example.org=joe",
        "MAIL_SRS, jürgen@example.org, SRS0=HiSx=EL=example.org=jürgen",
        "EXIM, jürgen@example.org, SRS0=22c8=el=example.org=jürgen",
        "EXIM, joe@SRS.EXAMPLE.NET, SRS0=e28e=el=SRS.EXAMPLE.NET=joe",
        "POSTSRSD1, a=b=c@example.org, SRS0=tcdd=EL=example.org=a=b=c",
        "MAIL_SRS, '\"joe smith\"@example.org', 'SRS0=Ap6A=EL=example.org=\"joe smith\"'",
        "PYSRS, '\"joe smith\"@example.org', '\"SRS0=1/fN=EL=example.org=joe smith\"'",
        "EXIM, '\"joe smith\"@example.org', '\"SRS0=627a=el=example.org=joe smith\"'",
        "POSTSRSD2, SRS0=AbCd=EK=example.org=joe@fwd.example.com,"
                + " SRS1=zmsJ=fwd.example.com==AbCd=EK=example.org=joe",
        "LIBSRS2, SRS0-AbCd=EK=example.org=joe@fwd.example.com,"
                + " SRS1=XAsX=fwd.example.com=-AbCd=EK=example.org=joe",
        "POSTSRSD1, SRS1=XyZw=fwd.example.com==AbCd=EK=example.org=joe@fwd2.example.com,"
                + " SRS1=zmsJ=fwd.example.com==AbCd=EK=example.org=joe",
        "PYSRS, SRS0=@example.org, SRS1=pMtf=example.org==",
        "PYSRS, '\"SRS0=AbCd=EK=example.org=joe smith\"@fwd.example.com',"
                + " '\"SRS1=eOgr=fwd.example.com==AbCd=EK=example.org=joe smith\"'",
        "EXIM, SRS0=AbCd=EK=example.org=joe@fwd.example.com,"
                + " SRS0=3948=el=fwd.example.com=SRS0=AbCd=EK=example.org=joe",
        "MAIL_SRS, prvs=0896eca59c=joe@example.com, SRS0=KMz+=EL=example.com=prvs=0896eca59c=joe",
    })
    void signsAsTheProgram(SrsMode mode, String sender, String local) {
        assertThat(forward(srs(mode), sender)).isEqualTo(local + "@srs.example.net");
    }

    @ParameterizedTest
    @EnumSource(
            value = SrsMode.class,
            names = {"HARDENED", "EXIM"},
            mode = EnumSource.Mode.EXCLUDE)
    void leavesOwnDomainUnchanged(SrsMode mode) {
        assertThat(forward(srs(mode), "joe@SRS.EXAMPLE.NET")).isEqualTo("joe@SRS.EXAMPLE.NET");
        String own = "SRS0=+HGl=EL=example.org=joe@srs.example.net";
        assertThat(forward(srs(mode), own)).isEqualTo(own);
        assertThat(forward(srs(mode, 6, 4, '+', 0), "joe@example.org")).matches("SRS0\\+[-+]HGlhh=EL=.*");
        assertThat(forward(srs(mode), "SRS1=joe@example.com")).isEqualTo("SRS1=joe@example.com");
    }

    @ParameterizedTest
    @CsvSource({
        "MAIL_SRS, srs0=dvfy=el=example.org=alice, alice@example.org",
        "PYSRS, SRS0=DvFy=EL=Example.ORG=alice, alice@Example.ORG",
        "POSTSRSD1, SRS0-dVfY=EL=example.org=alice, alice@example.org",
        "POSTSRSD2, SRS0=+HGl=EL=example.org=joe, joe@example.org",
        "POSTSRSD1, SRS0=-HGl=EL=example.org=joe, FORGED WRONG_HASH",
        // longer than configured
        "MAIL_SRS, SRS0=dVfYzz=EL=example.org=alice, FORGED WRONG_HASH",
        "POSTSRSD2, SRS0=dVfYzz=EL=example.org=alice, alice@example.org",
        "LIBSRS2, SRS0=dVfYNn6ziMFh7V5K9dL0GaDAx3w=EL=example.org=alice, FORGED WRONG_HASH",
        "PYSRS, SRS0=dVfYNn6ziMFh7V5K9dL0GaDAx3w=EL=example.org=alice, alice@example.org",
        "MAIL_SRS, SRS0=dVf=EL=example.org=alice, FORGED WRONG_HASH",
        // stamps that only some read
        "MAIL_SRS, SRS0=uYpP=AEL=example.org=alice, alice@example.org",
        "LIBSRS2, SRS0=uYpP=AEL=example.org=alice, alice@example.org",
        "POSTSRSD1, SRS0=uYpP=AEL=example.org=alice, MALFORMED BAD_STAMP",
        "MAIL_SRS, SRS0=2PH4=E1=example.org=alice, alice@example.org",
        "PYSRS, SRS0=pzAx=E!=example.org=alice, alice@example.org",
        "LIBSRS2, SRS0=2PH4=E1=example.org=alice, MALFORMED BAD_STAMP",
        "PYSRS, SRS0=J/k7=0L=example.org=alice, EXPIRED TOO_OLD",
        // dates
        "MAIL_SRS, SRS0=+BuU=DW=example.org=alice, alice@example.org",
        "MAIL_SRS, SRS0=KUrj=DV=example.org=alice, EXPIRED TOO_OLD",
        "EXIM, SRS0=f21c=eb=example.org=alice, alice@example.org",
        "EXIM, SRS0=f21c=ea=example.org=alice, EXPIRED TOO_OLD",
        "EXIM, SRS0=f21c=EL=example.org=alice, MALFORMED BAD_STAMP",
        "EXIM, SRS0=F21C=el=example.org=alice, FORGED WRONG_HASH",
        "EXIM, SRS0-f21c=el=example.org=alice, FORGED WRONG_HASH",
        "EXIM, SRS0=2741=el=Example.ORG=Joe.User, joe.user@example.org",
        "EXIM, SRS0=22c8=el=example.org=jürgen, FORGED WRONG_HASH",
        "EXIM, SRS1=zmsJ=fwd.example.com==AbCd=EK=example.org=joe, NOT_SRS NO_TAG",
        // chains
        "PYSRS, SRS1+zmsJ=fwd.example.com==AbCd=EK=example.org=joe, SRS0=AbCd=EK=example.org=joe@fwd.example.com",
        "LIBSRS2, SRS1=ljLV=fwd.example.com=+AbCd=EK=example.org=joe, SRS0+AbCd=EK=example.org=joe@fwd.example.com",
        "MAIL_SRS, SRS1=zmsJ=victim.example.com==AbCd=EK=example.org=joe, FORGED WRONG_HASH",
        // an alias in a database
        "POSTSRSD2, SRS0=WRIp=EL=1=XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX, EXPIRED UNKNOWN_ALIAS",
        // quotes
        "PYSRS, '\"SRS0=1/fN=EL=example.org=joe smith\"', '\"joe smith\"@example.org'",
        "MAIL_SRS, '\"SRS0=1/fN=EL=example.org=joe smith\"', NOT_SRS NO_TAG",
        "MAIL_SRS, 'SRS0=Ap6A=EL=example.org=\"joe smith\"', '\"joe smith\"@example.org'",
    })
    void acceptsAsTheProgram(SrsMode mode, String local, String expected) {
        assertThat(reverse(srs(mode), local + "@other.example")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"MAIL_SRS, true", "PYSRS, true", "POSTSRSD1, true", "POSTSRSD2, true", "LIBSRS2, false"})
    void acceptsShorterHashLikeProgram(SrsMode mode, boolean accepted) {
        Srs longer = srs(mode, 6, 4, '=', 0);
        assertThat(longer.reverse("SRS0=dVfY=EL=example.org=alice@srs.example.net")
                        .isValid())
                .isEqualTo(accepted);
        assertThat(srs(mode, 6, 6, '=', 0)
                        .reverse("SRS0=dVfY=EL=example.org=alice@srs.example.net")
                        .isValid())
                .isFalse();
    }

    @Test
    void daysWrapAndTomorrowIsInvalid() {
        long wrap = 1024 - 139;
        assertThat(forward(srs(SrsMode.MAIL_SRS, 4, 4, '=', wrap), "joe@example.org"))
                .isEqualTo("SRS0=Ftm9=AA=example.org=joe@srs.example.net");
        assertThat(reverse(srs(SrsMode.POSTSRSD1, 4, 4, '=', wrap), "SRS0=YIJD=AB=example.org=alice@srs.example.net"))
                .isEqualTo("EXPIRED TOO_OLD");
    }
}
