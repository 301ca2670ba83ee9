package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.server.SrsChain.SENDER;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.senderauth.server.SrsChain.Host;

/**
 * Mail through three real hosts in each order, and its bounces back: Postfix and Exim with our maps, and Postfix with
 * PostSRSd.
 */
@Timeout(180)
class SrsChainPeerTest {

    // With a "=" and capital letters, which must come back as they are.
    private static final String BOB = "Bob=Ross@example.com";

    private static final List<String> TEXT = List.of("From: bob@example.com", "Subject: to be forwarded", "", "text");
    private static final List<String> REPORT =
            List.of("From: MAILER-DAEMON@example.net", "Subject: failed", "", "text");

    @TempDir
    static Path folder;

    private static SrsChain chain;

    @BeforeAll
    static void start() throws Exception {
        chain = SrsChain.start(folder);
    }

    @AfterAll
    static void stop() {
        if (chain != null) {
            chain.close();
        }
    }

    static List<String> orders() {
        return SrsChain.ORDERS;
    }

    @AfterEach
    void leavesNothingUnderWay() {
        assertThat(chain.isQuiet()).isTrue();
    }

    private List<MailSink.Mail> forward(String name, List<Host> hosts) throws Exception {
        Host first = hosts.get(0);
        assertThat(chain.offer(SENDER, first, BOB, name + "@" + first.domain(), TEXT))
                .startsWith("250");
        return chain.carryFrom(first);
    }

    @ParameterizedTest
    @MethodSource("orders")
    void eachHostRewritesAndItsBounceReturns(String order) throws Exception {
        List<Host> hosts = SrsChain.hosts(order);
        List<MailSink.Mail> ways = forward("via" + order, hosts);
        assertThat(ways).hasSize(3);
        assertThat(ways.get(2).to()).containsExactly("carol@example.net");
        assertThat(ways.get(2).has("Subject: to be forwarded")).isTrue();

        String first = hosts.get(0).domain();
        String srs0 = ways.get(0).from();
        assertThat(srs0).matches("SRS0=[^=]+=[A-Z2-7]{2}=example\\.com=Bob=Ross@" + first);
        String inner = srs0.substring("SRS0".length(), srs0.indexOf('@'));
        for (int i = 1; i < 3; i++) {
            assertThat(ways.get(i).from())
                    .startsWith("SRS1=")
                    .endsWith("=" + first + "=" + inner + "@" + hosts.get(i).domain())
                    .hasSizeLessThan(80);
        }
        for (int i = 0; i < 3; i++) {
            String rewritten = ways.get(i).from();
            assertThat(chain.offer(SENDER, hosts.get(i), "", rewritten, REPORT)).startsWith("250");
            List<MailSink.Mail> back = chain.carryFrom(hosts.get(i));
            // From any later host straight to the first, and from there to the sender.
            assertThat(back).extracting(mail -> mail.to().get(0)).isEqualTo(i == 0 ? List.of(BOB) : List.of(srs0, BOB));
            assertThat(back).allMatch(mail -> mail.from().isEmpty() && mail.has("Subject: failed"));
        }
    }

    @ParameterizedTest
    @MethodSource("orders")
    void reportOfTheLastHostReturns(String order) throws Exception {
        List<Host> hosts = SrsChain.hosts(order);
        List<MailSink.Mail> ways = forward("lost" + order, hosts);
        MailSink.Mail report = ways.get(ways.size() - 1);
        assertThat(report.to()).containsExactly(BOB);
        assertThat(report.from()).isEmpty();
        assertThat(report.lines()).anyMatch(line -> line.contains("nobody@example.net"));
        assertThat(report.lines()).anyMatch(line -> line.contains("550 5.1.1 no such user"));
    }

    @ParameterizedTest
    @MethodSource("orders")
    void ourHostsRejectForwardedMailThatKeepsItsSender(String order) throws Exception {
        List<Host> hosts = SrsChain.hosts(order);
        String reply = chain.offer(
                hosts.get(0),
                hosts.get(1),
                BOB,
                "via" + order + "@" + hosts.get(1).domain(),
                TEXT);
        if (hosts.get(1).number() == 3) {
            // PostSRSd checks nothing, so the host after it gets this mail.
            assertThat(reply).startsWith("250");
            assertThat(chain.carryFrom(hosts.get(1))).isNotEmpty();
        } else {
            assertThat(reply).startsWith("550 5.7.23 ");
        }
    }
}
