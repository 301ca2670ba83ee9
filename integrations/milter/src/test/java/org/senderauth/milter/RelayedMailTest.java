package org.senderauth.milter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.milter.MilterAnswer.InsertHeader;
import org.senderauth.milter.MilterAnswer.Reply;
import org.senderauth.milter.MilterAnswer.Simple;
import org.senderauth.milter.MilterCommand.Connect;
import org.senderauth.milter.MilterCommand.Header;
import org.senderauth.milter.MilterCommand.Helo;
import org.senderauth.policy.Network;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SpfStrictness;
import org.senderauth.spf.SpfVerifier;

/** Mail that our own relays hand on: SPF looks at the client of the relay. */
class RelayedMailTest {

    private static final String RELAY = "198.51.100.2";
    private static final String GOOD =
            " from mail.example.net (mail.example.net [192.0.2.10]) by mx2.example.org (Postfix) with ESMTP id 1; x";
    private static final String BAD =
            " from mail.example.net (unknown [203.0.113.9]) by mx2.example.org (Postfix) with ESMTP id 1; x";

    private final SenderPolicy policy = SenderPolicy.builder("mx.example.org")
            .spf(
                    SpfVerifier.builder()
                            .dns(ZoneDnsClient.builder()
                                    .text("example.net. 300 IN TXT \"v=spf1 ip4:192.0.2.10 -all\"\n")
                                    .build())
                            .receiver("mx.example.org")
                            .build(),
                    SpfStrictness.FAIL_ONLY)
            .build();

    private List<MilterAnswer> answers(boolean reject, String... received) {
        PolicyMilter filter = PolicyMilter.builder(policy, "mx.example.org")
                .relays(new Relays(List.of(Network.parse("198.51.100.0/30").orElseThrow()), reject))
                .build();
        FakeMta mta = new FakeMta(filter);
        mta.say(FakeMta.OFFER, new Connect("mx2.example.org", '4', 2525, RELAY), new Helo("mx2.example.org"));
        assertThat(mta.mail("<bob@example.net>")).containsExactly(Simple.CONTINUE);
        assertThat(mta.rcpt("<alice@example.org>")).containsExactly(Simple.CONTINUE);
        List<Header> headers = new ArrayList<>();
        for (String value : received) {
            headers.add(new Header("Received", value));
        }
        return mta.content("text", headers.toArray(Header[]::new));
    }

    private static String header(List<MilterAnswer> answers, String name) {
        return answers.stream()
                .filter(InsertHeader.class::isInstance)
                .map(InsertHeader.class::cast)
                .filter(header -> header.name().equals(name))
                .map(InsertHeader::value)
                .findFirst()
                .orElse("");
    }

    @Test
    void spfLooksAtTheClientOfTheRelay() {
        List<MilterAnswer> answers = answers(false, GOOD, BAD);
        assertThat(header(answers, "Received-SPF")).contains("pass").contains("client-ip=192.0.2.10");
        assertThat(header(answers, "X-Senderauth-Decision")).endsWith("(relayed, client 192.0.2.10 by Received)");
    }

    @Test
    void failIsMarkedAndRejectedOnlyIfConfigured() {
        List<MilterAnswer> marked = answers(false, BAD, GOOD);
        assertThat(header(marked, "Received-SPF")).contains("fail").contains("client-ip=203.0.113.9");
        assertThat(marked).last().isEqualTo(Simple.CONTINUE);
        assertThat(answers(true, BAD, GOOD))
                .last()
                .isInstanceOfSatisfying(
                        Reply.class,
                        reply -> assertThat(reply.lines().get(0).toString()).startsWith("550 5.7.23 "));
        assertThat(answers(true, GOOD, BAD)).last().isEqualTo(Simple.CONTINUE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " by mx2.example.org (Postfix, from userid 0) id 1; x",
                " from a (b [203.0.113.9]) by forged.example.net (Postfix) with ESMTP id 1; x",
                " from a (b [198.51.100.1]) by mx2.example.org (Postfix) with ESMTP id 1; x",
                " from a (b [10.0.0.1]) by mx2.example.org (Postfix) with ESMTP id 1; x",
                " from a (b [IPv6:fd00::1]) by mx2.example.org (Postfix) with ESMTP id 1; x"
            })
    void hasNoOpinionIfTheClientIsUnknown(String topmost) {
        // The field below is of any host, so it is never read.
        List<MilterAnswer> answers = answers(true, topmost, BAD);
        assertThat(header(answers, "Received-SPF")).isEmpty();
        assertThat(header(answers, "X-Senderauth-Decision")).endsWith("(relayed, client unknown)");
        assertThat(answers).last().isEqualTo(Simple.CONTINUE);
    }

    @Test
    void otherClientsStateNothing() {
        PolicyMilter filter = PolicyMilter.builder(policy, "mx.example.org")
                .relays(new Relays(List.of(Network.parse("198.51.100.0/30").orElseThrow()), false))
                .build();
        FakeMta mta = new FakeMta(filter).connected("203.0.113.9");
        mta.mail("<bob@example.net>");
        assertThat(mta.rcpt("<alice@example.org>")).first().isInstanceOf(Reply.class);
    }
}
