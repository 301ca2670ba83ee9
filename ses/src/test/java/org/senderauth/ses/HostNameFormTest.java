package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.core.MailAddress;
import org.senderauth.testkit.ManualClock;

class HostNameFormTest {

    private final ManualClock clock = ManualClock.at(SesFixture.NOON);
    private final Ses ses = SesFixture.ses(clock).build();

    @ParameterizedTest
    @CsvSource({
        "B, alice, SES=B=alice",
        "B, bob.smith, SES=B=bob.smith",
        "B, a_b--c, SES=B=a_b--c",
        "B, list-bob=example.net, SES=AB=list-bob_eexample.net",
        "B, alice+news, SES=AB=alice_pnews",
        "B, a_b+c, SES=AB=a__b_pc",
        "B, -a.b-, SES=AB=_ha.b_h",
        "B, a.-, SES=AB=a._h",
        "B, o'brien, SES=AB=o_x27brien",
        "B, '!#$%&*/?^`{|}~', SES=AB=_x21_x23_x24_x25_x26_x2a_x2f_x3f_x5e_x60_x7b_x7c_x7d_x7e",
        "-B, alice, SES=A-B=alice",
    })
    void escapesWhatHostNamesLack(String digits, String localPart, String written) {
        assertThat(HostNameForm.write(digits, localPart)).isEqualTo(written);
        SesSyntax.Signed signed = (SesSyntax.Signed) SesSyntax.parse(written + "@example.org");
        assertThat(signed.localPart()).isEqualTo(localPart);
        assertThat(HostNameForm.written(signed)).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SES=AB=alice",
                "SES=AB=a__b",
                "SES=AB=a_",
                "SES=AB=a_x2",
                "SES=AB=a_x2g",
                "SES=AB=a_x2d",
                "SES=AB=a_q",
                "SES=AB=a_hb",
                "SES=AB=a+b",
                "SES=AB=a=b",
                "SES=AB=a_x2b",
                "SES=AB=_x22a_x22",
                "SES=AB=a_x2eb",
                "SES=AB=a_x40b",
                "SES=AB=a_x0d",
                "SES=AAB=a_pb",
                "SES=A=a_pb",
                "SES=AB=_x2e",
            })
    void rejectsEverySpellingButOne(String localPart) {
        assertThat(SesSyntax.parse(localPart + "@example.org")).isInstanceOf(SesSyntax.NonCanonical.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice+news", "list-bob=example.net", "a_b=c", "-x-", "o'brien", "{x}"})
    void signsForVerifiersThatRestrictNames(String localPart) {
        MailAddress sender = MailAddress.of(localPart + "@example.org");
        MailAddress signed = ses.sign(sender);
        String[] parts = signed.localPart().split("=");
        assertThat(parts).hasSize(3).allMatch(part -> part.matches("[A-Za-z0-9_.-]+"));
        for (String spelled : new String[] {
            signed.toString(),
            signed.toString().toLowerCase(Locale.ROOT),
            signed.toString().toUpperCase(Locale.ROOT)
        }) {
            SesResult result = ses.verify(spelled, VerificationPurpose.BOUNCE);
            assertThat(result.isValid()).isTrue();
            assertThat(result.original().orElseThrow().localPart()).isEqualToIgnoringCase(localPart);
            assertThat(ses.strip(spelled).orElseThrow().localPart()).isEqualToIgnoringCase(localPart);
        }
    }

    @Test
    void olderSpellingIsTheSameSignature() {
        Ses strict = SesFixture.ses(clock)
                .limits(SesLimits.builder()
                        .bounces(1)
                        .publicLookups(1)
                        .addresses(1)
                        .build())
                .build();
        MailAddress sender = MailAddress.of("alice+news@example.org");
        String older =
                SesFixture.ses(clock).publicLookup(false).build().sign(sender).toString();
        assertThat(older).endsWith("=alice+news@example.org");
        String newer = strict.sign(sender).toString();
        assertThat(strict.verify(older, VerificationPurpose.BOUNCE).verdict()).isEqualTo(SesVerdict.VALID);
        assertThat(strict.verify(newer, VerificationPurpose.BOUNCE).verdict()).isEqualTo(SesVerdict.REPLAY);
    }

    @Test
    void signatureOfEscapedTextIsNotOfItsMeaning() {
        MailAddress plain = ses.sign(MailAddress.of("a_pb@example.org"));
        assertThat(plain.localPart()).endsWith("=a_pb");
        String marked = plain.toString().replace("SES=", "SES=A");
        assertThat(ses.verify(marked, VerificationPurpose.BOUNCE).verdict()).isEqualTo(SesVerdict.INVALID);
    }

    @Test
    void skipsSignaturesThatEndInHyphen() {
        for (int i = 0; i < 500; i++) {
            String digits = ses.sign(SesFixture.ALICE).localPart().split("=")[1];
            assertThat(digits).doesNotEndWith("-").doesNotStartWith("-");
        }
    }

    @Test
    void reportsSerialNumbersThatAllEndInHyphen() {
        long serial = 1;
        SesKey key = SesFixture.KEY;
        long timecode = key.layout().timecode(SesFixture.NOON);
        while (!SesCodec.sign(key, timecode, serial, "alice", "example.org").endsWith("-=alice")) {
            serial++;
        }
        long ending = serial;
        SesSigningResult result =
                SesFixture.ses(clock).serialNumbers(unit -> ending).build().trySign(SesFixture.ALICE);
        assertThat(result.outcome()).isEqualTo(SesSigningResult.Outcome.UNAVAILABLE);
        assertThat(result.address()).isEqualTo(SesFixture.ALICE);
    }

    @Property
    void everyLocalPartSurvives(
            @ForAll
                    @StringLength(min = 1, max = 30)
                    @Chars({'=', '+', '-', '_', 'x', '\'', '~'})
                    @CharRange(from = 'a', to = 'h')
                    String localPart) {
        String written = HostNameForm.write("B", localPart);
        assertThat(written).matches("SES=A?B=[a-z0-9_.-]+");
        SesSyntax.Signed signed = (SesSyntax.Signed) SesSyntax.parse(written + "@example.org");
        assertThat(signed.localPart()).isEqualTo(localPart);
        assertThat(HostNameForm.written(signed)).isEqualTo(written);
    }
}
