package org.senderauth.spf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;

class SpfQueryTest {

    private static final InetAddress CLIENT = IpAddresses.parse("192.0.2.1").orElseThrow();

    private static final SpfVerifier SPF = SpfVerifier.builder()
            .dns(ZoneDnsClient.builder()
                    .text("example.net. 60 IN TXT \"v=spf1 -all\"")
                    .text("mail.example.net. 60 IN TXT \"v=spf1 -all\"")
                    .build())
            .trace(true)
            .build();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "carol@example.net",
                "<carol@example.net>",
                "carol@example.net ",
                " <carol@example.net>\t",
                "<@relay.example:carol@example.net>",
                "carol smith@example.net",
                "\"carol smith\"@example.net",
                "@example.net",
                "<@example.net>"
            })
    void acceptsAddressInAnyForm(String mailFrom) {
        SpfResult result = SPF.verify(SpfQuery.mailFrom(CLIENT, mailFrom, "mail.example.org"));
        assertThat(result.verdict()).isEqualTo(SpfVerdict.FAIL);
        assertThat(result.domain()).isEqualTo("example.net");
        assertThat(result.problem()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "carol@example.net SIZE=100",
                "<carol@example.net> SIZE=100",
                "<carol@example.net",
                "carol@example.net>",
                "Carol <carol@example.net>",
                "carol@example.net AUTH=dave@example.org",
                "carol@example.net\r\n",
                "carol@"
            })
    void reportsMalformedSender(String mailFrom) {
        SpfQuery query = SpfQuery.mailFrom(CLIENT, mailFrom, "mail.example.org");
        SpfResult result = SPF.verify(query);
        assertThat(result.verdict()).isEqualTo(SpfVerdict.NONE);
        assertThat(result.problem())
                .get()
                .asString()
                .startsWith("malformed sender: ")
                .matches("[ -~]+");
        assertThat(result.receivedSpf()).contains("problem=\"malformed sender: ");
        assertThat(result.authResult().toString()).contains("reason=\"malformed sender: ");
        assertThat(SPF.verifyAsync(query).join()).isEqualTo(result);
        assertThat(SPF.verifyBoth(query).decisive().problem()).isEqualTo(result.problem());
    }

    @Test
    void acceptsNullSender() {
        for (String mailFrom : new String[] {"", "<>", " <> "}) {
            SpfQuery query = SpfQuery.mailFrom(CLIENT, mailFrom, " mail.example.net ");
            assertThat(query.mailFrom()).isEmpty();
            assertThat(SPF.verify(query).verdict()).isEqualTo(SpfVerdict.FAIL);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<mail.example.net>", "mail.example.net SIZE=1", "a@mail.example.net", "mail\"example.net"})
    void reportsMalformedHelo(String helo) {
        SpfResult result = SPF.verify(SpfQuery.helo(CLIENT, helo));
        assertThat(result.verdict()).isEqualTo(SpfVerdict.NONE);
        assertThat(result.problem()).get().hasToString("malformed HELO name");
        assertThat(SPF.verify(SpfQuery.mailFrom(CLIENT, "<>", helo)).problem()).isEqualTo(result.problem());
    }

    @Test
    void checksSenderDespiteMalformedHelo() {
        SpfResult result = SPF.verify(SpfQuery.mailFrom(CLIENT, "carol@example.net", "<mail.example.net>"));
        assertThat(result.verdict()).isEqualTo(SpfVerdict.FAIL);
    }

    @Test
    void namesNullParameter() {
        assertThatNullPointerException()
                .isThrownBy(() -> SpfQuery.mailFrom(CLIENT, null, "mail.example.org"))
                .withMessage("mailFrom");
        assertThatNullPointerException()
                .isThrownBy(() -> SpfQuery.mailFrom(CLIENT, "", null))
                .withMessage("helo");
        assertThatNullPointerException()
                .isThrownBy(() -> SpfQuery.helo(null, "mail.example.org"))
                .withMessage("client");
    }
}
