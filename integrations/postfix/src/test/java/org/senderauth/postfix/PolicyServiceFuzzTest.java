package org.senderauth.postfix;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.batv.BounceAction;
import org.senderauth.batv.BounceFilter;
import org.senderauth.batv.BounceRules;
import org.senderauth.callout.DnsBlockList;
import org.senderauth.core.SecretKeys;
import org.senderauth.csv.CsvVerifier;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.policy.PolicyObserver;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SpfStrictness;
import org.senderauth.policy.Step;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesKey;
import org.senderauth.ses.SesKeyring;
import org.senderauth.spf.SpfVerifier;
import org.senderauth.testkit.ManualClock;

/** Whatever a client says to the mail server, every step takes it, and the answer is an action on one line. */
class PolicyServiceFuzzTest {

    private static final ZoneDnsClient ZONE = ZoneDnsClient.builder().text("""
                    example.net. 300 IN TXT "v=spf1 exists:%{l}.%{h}.example.net -all exp=why.example.net"
                    why.example.net. 300 IN TXT "%{s} may not, says %{h}"
                    """).build();

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-23T12:00:00Z"));
    private final PolicyService service = new PolicyService(everything());

    private SenderPolicy everything() {
        Batv batv = Batv.builder()
                .keyring(BatvKeyring.of(SecretKeys.of(new byte[20])))
                .clock(clock)
                .build();
        Ses ses = Ses.builder()
                .keyring(SesKeyring.builder()
                        .add("example.org", SesKey.of(SecretKeys.of(new byte[20])))
                        .build())
                .clock(clock)
                .build();
        return SenderPolicy.builder("mx.example.org")
                .blockLists(DnsBlockList.of(ZONE, List.of("dnsbl.example")))
                .csv(CsvVerifier.builder().dns(ZONE).build())
                .spf(
                        SpfVerifier.builder()
                                .dns(ZONE)
                                .receiver("mx.example.org")
                                .clock(clock)
                                .build(),
                        new SpfStrictness(true, true))
                .batv(new BounceFilter(
                        batv,
                        BounceRules.builder().onUnsigned(BounceAction.REJECT).build(),
                        clock))
                .ses(ses, Set.of("example.org"))
                .observer(new PolicyObserver() {
                    @Override
                    public void failed(Step step, Throwable cause) {
                        throw new AssertionError(step + " failed", cause);
                    }
                })
                .build();
    }

    // Lines of the protocol: anything but a newline, a NUL and a carriage return at its end.
    @Provide
    Arbitrary<String> said() {
        Arbitrary<String> piece = Arbitraries.of(
                "example.net",
                "alice",
                "@",
                ".",
                "..",
                "prvs=",
                "07876e2bb5=",
                "SES=",
                "=",
                "\"",
                "\\",
                "<",
                ">",
                "%",
                "%{s}",
                " ",
                "\t",
                "\r",
                "\u007f",
                "\u00e9",
                "\ud83d\ude00",
                "\u202e",
                "\ufffd",
                ";",
                "(",
                "[192.0.2.1]",
                "[IPv6:2001:db8::1]",
                "xn--",
                "a".repeat(64),
                "b".repeat(300),
                "c.".repeat(130),
                "d".repeat(5000));
        return piece.list().ofMaxSize(6).map(pieces -> String.join("", pieces));
    }

    @Property(tries = 3000)
    void answersAnyRequest(
            @ForAll("said") String helo, @ForAll("said") String sender, @ForAll("said") String recipient) {
        Map<String, String> attributes = new HashMap<>(
                Map.of("protocol_state", "RCPT", "client_address", "192.0.2.1", "helo_name", helo, "instance", "1"));
        attributes.put("sender", sender);
        attributes.put("recipient", recipient);
        for (int question = 0; question < 3; question++) {
            String action = service.apply(new PolicyRequest(attributes)).text();
            assertThat(action)
                    .matches(
                            "(?s)(DUNNO|PREPEND [A-Za-z-]+: .*|[45]50 [45]\\.\\d\\.\\d+ .*|501 .*|DEFER_IF_PERMIT 4\\..*)")
                    .doesNotContain("\n", "\r");
        }
    }
}
