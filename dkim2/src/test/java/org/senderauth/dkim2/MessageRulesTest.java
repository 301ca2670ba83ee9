package org.senderauth.dkim2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.dkim2.TestKeys.MESSAGE;
import static org.senderauth.dkim2.TestKeys.RECIPIENT;
import static org.senderauth.dkim2.TestKeys.SENDER;
import static org.senderauth.dkim2.TestKeys.TIME;
import static org.senderauth.dkim2.TestKeys.b64;
import static org.senderauth.dkim2.TestKeys.bytes;
import static org.senderauth.dkim2.TestKeys.hop;
import static org.senderauth.dkim2.TestKeys.instance;
import static org.senderauth.dkim2.TestKeys.signed;
import static org.senderauth.dkim2.TestKeys.verifier;
import static org.senderauth.dkim2.TestKeys.verify;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every rule of structure, custody, envelope and hashes, with signatures that are right for the bytes. */
class MessageRulesTest {

    private static final String S = "s=e1:ed25519-sha256:?;";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            i=1;                    | I = 1 ;                        | PASS
            i=1;                    | i=1; future=x:y,z!w;           | PASS
            t=1782000000;           | t=01782000000;                 | PASS
            d=example.org;          | d=EXAMPLE.org;                 | PASS
            i=1;                    | i=1; n=;                       | PASS
            i=1;                    | i=1; f=feedback , unheard-of;  | PASS
            i=1;                    | i=1; i=1;                      | PERMERROR
            i=1;                    | i=1; I=1;                      | PERMERROR
            i=1;                    | i=1;;                          | PERMERROR
            i=1;                    | i=1; =x;                       | PERMERROR
            i=1;                    | i=1; 1x=x;                     | PERMERROR
            i=1;                    | i=0;                           | PERMERROR
            i=1;                    | i=2;                           | PERMERROR
            i=1;                    | i=x;                           | PERMERROR
            i=1;                    | i=;                            | PERMERROR
            m=1;                    | m=2;                           | PERMERROR
            m=1;                    |                                | PERMERROR
            t=1782000000;           | t=0x10;                        | PERMERROR
            t=1782000000;           | t=-5;                          | PERMERROR
            t=1782000000;           | t=1e9;                         | PERMERROR
            t=1782000000;           | t=1782 000000;                 | PERMERROR
            t=1782000000;           |                                | PERMERROR
            d=example.org;          | d=;                            | PERMERROR
            d=example.org;          | d=example..org;                | PERMERROR
            d=example.org;          | d=[192.0.2.1];                 | PERMERROR
            mf=                     | nd=example.net; mf=            | PERMERROR
            mf=                     | xf=                            | PERMERROR
            rt=                     | xt=                            | PERMERROR
            s=e1                    | x=e1                           | PERMERROR
            s=e1:ed25519-sha256:?;  | s=e1:ed25519-sha256:;          | PERMERROR
            s=e1:ed25519-sha256:?;  | s=e1:ed25519-sha256;           | PERMERROR
            s=e1:ed25519-sha256:?;  | s=e1:ed25519-sha256:?,;        | PERMERROR
            s=e1:ed25519-sha256:?;  | s=:ed25519-sha256:?;           | PERMERROR
            s=e1:ed25519-sha256:?;  | s=e1:ed25519-sha256:YQ;        | PERMERROR
            s=e1:ed25519-sha256:?;  | s=e1:ed25519-sha256:YR==;      | PERMERROR
            s=e1:ed25519-sha256:?;  | s=e1:ed25519-sha256:Y_==;      | PERMERROR
            s=e1:ed25519-sha256:?;  | s=e1:ed25519-sha256:YWJj;      | FAIL
            s=e1:ed25519-sha256:?;  | s=e1:Ed25519-SHA256:YWJj;      | FAIL
            s=e1:ed25519-sha256:?;  | s=e1:banana:YWJj;              | FAIL
            s=e1:ed25519-sha256:?;  | s=e1:ed25519-sha256:?,e9:banana:YWJj;     | PASS
            s=e1:ed25519-sha256:?;  | s=e1:ed25519-sha256:?,r1:rsa-sha256:?;    | PASS
            s=e1:ed25519-sha256:?;  | s=e1:ed25519-sha256:?,r1:rsa-sha256:YWJj; | FAIL
            s=e1:ed25519-sha256:?;  | s=e1:ed25519-sha256:?,e9:rsa-sha256:YWJj; | PASS
            s=e1:ed25519-sha256:?;  | s=e1:ed25519-sha256:?,r1:ed25519-sha256:YWJj; | PERMERROR
            s=e1:ed25519-sha256:?;  | s=e1:ed25519-sha256:?,e1:rsa-sha256:YWJj; | PERMERROR
            s=e1:ed25519-sha256:?;  | s=e9:ed25519-sha256:YWJj;      | PERMERROR
            s=e1:ed25519-sha256:?;  | s=e1:x:YWJj,e2:x:YWJj,e3:x:YWJj; | PERMERROR
            s=e1:ed25519-sha256:?;  | s=r1:rsa-sha256:YWJj!e1:ed25519-sha256:?;  | PASS
            s=e1:ed25519-sha256:?;  | s=e1:ed25519-sha256:?          | PASS
            """)
    void signatureFieldFollowsGrammar(String from, String to, Dkim2Verdict verdict) {
        // "!" is written for "|", the separator of groups, which is that of this table.
        String with = to == null ? "" : to.replace('!', '|');
        byte[] message = signed(hop -> hop.replaceFirst(Pattern.quote(from), with));
        assertThat(verify(message).verdict()).as(verify(message).toString()).isEqualTo(verdict);
    }

    @Test
    void eightValuesAreTheMaximum() {
        String more = ",a1:x1:YWJj,a2:x2:YWJj,a3:x3:YWJj,a4:x4:YWJj,a5:x5:YWJj,a6:x6:YWJj,a7:x7:YWJj";
        assertThat(verify(signed(hop -> hop.replace("?;", "?" + more + ";"))).verdict())
                .isEqualTo(Dkim2Verdict.PASS);
        assertThat(verify(signed(hop -> hop.replace("?;", "?" + more + ",a8:x8:YWJj;")))
                        .reason())
                .isEqualTo(Dkim2Reason.LIMIT_EXCEEDED);
    }

    @Test
    void nonceHasAtMost64Characters() {
        assertThat(verify(signed(hop -> hop + " n=" + "s=".repeat(32) + ";")).verdict())
                .isEqualTo(Dkim2Verdict.PASS);
        assertThat(verify(signed(hop -> hop + " n=" + "x".repeat(65) + ";")).detail())
                .isEqualTo("DKIM2-Signature i=1 syntax error (n=)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sha256:                 | sha512:YWJj:YWJj,sha256:       | FAIL
            sha256:                 | sha3:YWJj:YWJj,sha256:         | PASS
            sha256:                 | sha3:YWJj:YWJj!sha256:         | PASS
            sha256:                 | SHA256:                        | FAIL
            sha256:                 | sha256:YWJj:YWJj,sha256:       | PERMERROR
            m=1;                    | m=1; r=e30=;                   | PASS
            m=1;                    | m=1; r=x;                      | PERMERROR
            m=1;                    | m=1; r=;                       | PERMERROR
            m=1;                    | m=2;                           | PERMERROR
            m=1;                    | m=1; m=1;                      | PERMERROR
            m=1;                    |                                | PERMERROR
            h=                      | g=                             | PERMERROR
            h=                      | h=,                            | PERMERROR
            """)
    void instanceFieldFollowsGrammar(String from, String to, Dkim2Verdict verdict) {
        String value = instance(MESSAGE, 1).replace(from, to == null ? "" : to.replace('!', '|'));
        Dkim2Result result = verify(signed(MESSAGE, List.of(value), List.of(hop())));
        assertThat(result.verdict()).as(result.toString()).isEqualTo(verdict);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bounce@example.org", "<bounce@example.org", "<@example.org>", "<a@b..c>", "<a\r\nb@example.org>"
            })
    void senderMustBeBracketedPath(String path) {
        byte[] message = signed(hop -> hop.replace(b64(SENDER), b64(path)));
        assertThat(verify(message).detail()).isEqualTo("DKIM2-Signature i=1 syntax error (mf=)");
    }

    @Test
    void pathThatIsNotUtf8IsSyntaxError() {
        byte[] message = signed(hop -> hop.replace(b64(RECIPIENT), "PP9AZXhhbXBsZS5uZXQ+"));
        assertThat(verify(message).detail()).isEqualTo("DKIM2-Signature i=1 syntax error (rt=)");
    }

    @Test
    void recipientMayNotBeNullSender() {
        assertThat(verify(signed(hop -> hop.replace(b64(RECIPIENT), "PD4="))).verdict())
                .isEqualTo(Dkim2Verdict.PERMERROR);
    }

    @Test
    void noSignatureIsNone() {
        assertThat(verify(bytes(MESSAGE)).verdict()).isEqualTo(Dkim2Verdict.NONE);
        assertThat(verify(bytes("Message-Instance: m=1;\r\n" + MESSAGE)).verdict())
                .isEqualTo(Dkim2Verdict.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "<bounce@example.org>,<bob@example.net>,true",
        "bounce@example.org,bob@example.net,true",
        "<bounce@EXAMPLE.org>,<bob@example.NET>,true",
        "<Bounce@example.org>,<bob@example.net>,false",
        "<bounce@example.org>,<Bob@example.net>,false",
        "<\"bounce\"@example.org>,<bob@example.net>,false",
        "<>,<bob@example.net>,false",
        "<bounce@example.org,<bob@example.net>,false",
    })
    void envelopeMatchesExactlyButForDomainCase(String from, String to, boolean matches) {
        Dkim2Result result = verifier().build().verify(signed(hop -> hop), from, List.of(to));
        assertThat(result.isPass()).isEqualTo(matches);
        assertThat(result.reason() == Dkim2Reason.ENVELOPE_MISMATCH).isEqualTo(!matches);
    }

    @Test
    void signatureMayNameMoreRecipientsThanEnvelope() {
        byte[] message = signed(hop -> hop.replace("rt=", "rt=" + b64("<eve@example.com>") + " , "));
        assertThat(verify(message).isPass()).isTrue();
        assertThat(verifier().build().verify(message, SENDER, List.of()).isPass())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "1209600,PASS",
        "1209601,PERMERROR",
        "-300,PASS",
        "-301,PERMERROR",
        "-99999999999999999,PERMERROR",
    })
    void ageIsLimitedToFourteenDays(long age, Dkim2Verdict verdict) {
        long time = TestKeys.NOW.getEpochSecond() - age;
        Dkim2Result result = verify(signed(hop -> hop.replace("t=" + TIME, "t=" + time)));
        assertThat(result.verdict()).as(result.toString()).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "example.org,<a@mail.example.org>,true",
        "mail.example.org,<a@example.org>,false",
        "example.org,<a@notexample.org>,false",
        "example.org,<postmaster>,false",
        "example.org,<>,true",
    })
    void senderIsAtOrBelowSigningDomain(String domain, String sender, boolean aligned) {
        byte[] message = signed(MESSAGE, List.of(instance(MESSAGE, 1)), List.of(hop(1, 1, domain, sender, RECIPIENT)));
        Dkim2Result result = verifier().build().verify(message, sender, List.of(RECIPIENT));
        assertThat(result.reason() == Dkim2Reason.SENDER_NOT_ALIGNED).isEqualTo(!aligned);
        assertThat(result.isPass()).isEqualTo(aligned);
    }

    @ParameterizedTest
    @CsvSource({
        "<list@example.net>,<bounce@example.net>,true",
        "<list@example.net>,<bounce@mail.example.net>,true",
        "<list@mail.example.net>,<bounce@example.net>,false",
        "<list@example.com>,<bounce@example.net>,false",
        "<list@example.net>,<>,true",
        "<list@example.com>,<>,false",
    })
    void hopMustBeRecipientOfHopBefore(String rcpt, String sender, boolean holds) {
        byte[] message = signed(
                MESSAGE,
                List.of(instance(MESSAGE, 1)),
                List.of(
                        hop(1, 1, "example.org", SENDER, rcpt),
                        hop(2, 1, "example.net", sender, "<carol@example.com>")));
        Dkim2Result result = verifier().build().verify(message, sender, List.of("<carol@example.com>"));
        assertThat(result.isPass()).as(result.toString()).isEqualTo(holds);
        assertThat(result.reason() == Dkim2Reason.CUSTODY_BROKEN).isEqualTo(!holds);
    }

    @ParameterizedTest
    @CsvSource({"example.net,PASS", "mail.example.net,PERMERROR", "example.com,PERMERROR"})
    void nextDomainMustSignNextHop(String next, Dkim2Verdict verdict) {
        String handed = "i=1; m=1; t=" + TIME + "; d=example.org; nd=" + next + "; " + S;
        byte[] message = signed(
                MESSAGE,
                List.of(instance(MESSAGE, 1)),
                List.of(handed, hop(2, 1, "example.net", "<b@example.net>", "<c@example.com>")));
        assertThat(verifier()
                        .build()
                        .verify(message, "<b@example.net>", List.of("<c@example.com>"))
                        .verdict())
                .isEqualTo(verdict);
    }

    @Test
    void nextDomainOnTopIsUnexpectedOverSmtp() {
        byte[] message = signed(
                MESSAGE,
                List.of(instance(MESSAGE, 1)),
                List.of("i=1; m=1; t=" + TIME + "; d=example.org; nd=example.net; " + S));
        assertThat(verify(message).detail()).isEqualTo("DKIM2-Signature i=1 unexpected nd=");
    }

    @Test
    void numbersHaveNoGapAndNoRepeat() {
        List<String> one = List.of(instance(MESSAGE, 1));
        assertThat(verify(signed(MESSAGE, one, List.of(hop(), hop(3, 1, "example.org", SENDER, RECIPIENT))))
                        .detail())
                .isEqualTo("DKIM2-Signature i=2 is missing");
        assertThat(verify(signed(MESSAGE, one, List.of(hop(), hop()))).detail())
                .isEqualTo("DKIM2-Signature i=1 is a duplicate");
        assertThat(verify(signed(MESSAGE, List.of(instance(MESSAGE, 1), instance(MESSAGE, 2)), List.of(hop())))
                        .detail())
                .isEqualTo("Message-Instance m=2 is not signed");
        assertThat(verify(signed(MESSAGE, one, List.of(hop(1, 2, "example.org", SENDER, RECIPIENT))))
                        .detail())
                .isEqualTo("Message-Instance m=2 is missing");
        assertThat(verify(signed(MESSAGE, List.of(), List.of(hop()))).detail())
                .isEqualTo("Message-Instance m=1 is missing");
    }

    @Test
    void messageThatNeedsRecipesIsNotDetermined() {
        byte[] message = signed(
                MESSAGE,
                List.of(instance("Subject: earlier\r\n\r\n", 1), instance(MESSAGE, 2)),
                List.of(
                        hop(1, 1, "example.org", SENDER, "<l@example.net>"),
                        hop(2, 2, "example.net", "<l@example.net>", RECIPIENT)));
        Dkim2Result result = verifier().build().verify(message, "<l@example.net>", List.of(RECIPIENT));
        assertThat(result.verdict()).as(result.toString()).isEqualTo(Dkim2Verdict.NOT_DETERMINED);
        assertThat(result.smtpReply()).isEmpty();
        assertThat(result.authResult().toString()).startsWith("dkim2=neutral ");
    }

    @Test
    void failureOfLowerSignatureCountsToo() {
        byte[] message = signed(
                MESSAGE,
                List.of(instance(MESSAGE, 1)),
                List.of(
                        hop(1, 1, "example.org", SENDER, "<l@example.net>").replace("?", "YWJj"),
                        hop(2, 1, "example.net", "<l@example.net>", RECIPIENT)));
        Dkim2Result result = verifier().build().verify(message, "<l@example.net>", List.of(RECIPIENT));
        assertThat(result.verdict()).isEqualTo(Dkim2Verdict.FAIL);
        assertThat(result.hop()).contains(1);
    }

    @Test
    void drafts08DifferWhereReported() {
        Dkim2Verifier newer = verifier().draft(Draft.SPEC_09).build();
        assertThat(newer.verify(signed(hop -> hop), SENDER, List.of(RECIPIENT)).isPass())
                .isTrue();
        assertThat(newer.verify(signed(hop -> hop), SENDER, List.of("<eve@example.net>"))
                        .verdict())
                .isEqualTo(Dkim2Verdict.FAIL);
        assertThat(newer.verify(signed(hop -> hop.replace("t=178", "t=177")), SENDER, List.of(RECIPIENT))
                        .verdict())
                .isEqualTo(Dkim2Verdict.FAIL);
        assertThat(newer.verify(signed(hop -> hop.replace("?;", "?,x:y:YWJj;")), SENDER, List.of(RECIPIENT))
                        .reason())
                .isEqualTo(Dkim2Reason.UNKNOWN_ALGORITHM);
    }

    @ParameterizedTest
    @CsvSource({
        "Alice <alice@example.org>,true",
        "alice@mail.example.org,true",
        "\"x@example.com\" <alice@example.org> (eve@example.com),true",
        "alice@example.com,false",
        "Alice <alice@notexample.org>,false",
        "'alice@example.org, eve@example.com',false",
        "nobody,false",
    })
    void authorMustBeOfSigningDomainFrom08(String from, boolean authentic) {
        String message = "From: " + from + "\r\n\r\nx\r\n";
        byte[] raw = signed(message, List.of(instance(message, 1)), List.of(hop()));
        assertThat(verify(raw).isPass()).isTrue();
        Dkim2Result result = verifier().draft(Draft.SPEC_09).build().verify(raw, SENDER, List.of(RECIPIENT));
        assertThat(result.reason()).isEqualTo(authentic ? Dkim2Reason.VERIFIED : Dkim2Reason.FROM_NOT_AUTHENTIC);
    }

    @Test
    void eitherHeaderListVerifies() {
        String message = "Auto-Submitted: auto-replied\r\nVBR-Info: md=example.org\r\n" + MESSAGE;
        String older = instance(MESSAGE, 1);
        assertThat(verify(signed(message, List.of(older), List.of(hop()))).isPass())
                .isTrue();
        assertThat(verify(signed(message, List.of(instance(message, 1)), List.of(hop())))
                        .isPass())
                .isTrue();
    }

    @Test
    void unsignedFieldsMayBeAddedOnly() {
        String signed = new String(signed(hop -> hop), StandardCharsets.ISO_8859_1);
        for (String name : List.of(
                "Received",
                "X-Spam",
                "received-spf",
                "Return-Path",
                "Delivered-To",
                "ARC-Seal",
                "Authentication-Results",
                "DKIM-Signature",
                "Original-Recipient")) {
            assertThat(verify(bytes(name + ": x\r\n" + signed)).isPass())
                    .as(name)
                    .isTrue();
        }
        for (String name : List.of("Sender", "Reply-To", "From", "XSpam", "Receive", "List-Id", "Content-Type")) {
            assertThat(verify(bytes(name + ": x\r\n" + signed)).verdict())
                    .as(name)
                    .isEqualTo(Dkim2Verdict.FAIL);
        }
    }

    @Test
    void resultSuggestsReplyAndAuthResult() {
        Dkim2Result pass = verify(signed(hop -> hop));
        assertThat(pass.authResult().toString()).isEqualTo("dkim2=pass header.d=example.org");
        assertThat(pass.smtpReply()).isEmpty();
        assertThat(pass.hops()).containsExactly(new Dkim2Hop(1, "example.org", TIME, SENDER, List.of(RECIPIENT)));
        Dkim2Result fail = verify(signed(hop -> hop.replace("?", "YWJj")));
        assertThat(fail.smtpReply().orElseThrow())
                .hasToString("550 5.7.1 DKIM2 check failed: DKIM2-Signature i=1 signature e1 did not verify");
        assertThat(fail.authResult().toString())
                .isEqualTo("dkim2=fail reason=\"DKIM2-Signature i=1 signature e1 did not verify\""
                        + " header.d=example.org header.i=1");
    }

    @Test
    void untrustedTextIsEscapedInReplies() {
        Dkim2Result result = verifier().build().verify(signed(hop -> hop), "<a\r\nb@x>", List.of());
        assertThat(result.detail()).isEqualTo("DKIM2-Signature i=1 MAIL FROM <a??b@x> did not match");
        assertThat(result.smtpReply()).isPresent();
    }
}
