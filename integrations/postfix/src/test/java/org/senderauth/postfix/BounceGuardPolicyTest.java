package org.senderauth.postfix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.batv.BounceGuard;
import org.senderauth.batv.SenderProof;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.SpfVerifier;

class BounceGuardPolicyTest {

    private static final SpfVerifier SPF = SpfVerifier.builder()
            .dns(ZoneDnsClient.builder()
                    .text("""
                            example.net.      300 IN TXT "v=spf1 ip4:192.0.2.1 -all"
                            open.example.net. 300 IN TXT "v=spf1 ?all"
                            """)
                    .trouble(DomainNames.of("away.example.net"), Cause.SERVER_FAILURE)
                    .build())
            .receiver("mx.example.org")
            .build();
    private static final BounceGuardPolicy GUARD = new BounceGuardPolicy(BounceGuard.create(), SPF);
    private static final Function<PolicyRequest, PolicyAction> POLICY =
            GUARD.or(request -> PolicyAction.reject(550, "5.7.1", "the policy"));

    private static PolicyRequest request(String client, String sender, String user, String context) {
        Map<String, String> attributes = new HashMap<>();
        attributes.put("request", "smtpd_access_policy");
        attributes.put("protocol_state", "RCPT");
        attributes.put("client_address", client);
        attributes.put("helo_name", "mail.example.net");
        attributes.put("sender", sender);
        attributes.put("sasl_username", user);
        attributes.put("policy_context", context);
        return new PolicyRequest(attributes);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, bob@example.net, '', DUNNO",
        "192.0.2.1, bob@EXAMPLE.net, '', DUNNO",
        "192.0.2.2, bob@example.net, '', may_not_bounce",
        "192.0.2.2, bob@example.net, bob, DUNNO",
        "192.0.2.1, bob@open.example.net, '', may_not_bounce",
        "192.0.2.1, bob@absent.example, '', may_not_bounce",
        "192.0.2.1, bob@away.example.net, '', DEFER_IF_PERMIT 4.4.3 SPF temporary error",
        "unknown, bob@example.net, '', may_not_bounce",
        "unknown, bob@example.net, bob, DUNNO",
        "192.0.2.1, '', '', DUNNO",
        "192.0.2.1, mailer-daemon@example.net, '', may_not_bounce",
        "192.0.2.1, mailer-daemon@example.net, bob, may_not_bounce",
        "192.0.2.1, bob, '', may_not_bounce",
        "192.0.2.1, bob@exa mple.net, '', may_not_bounce"
    })
    void leavesProvenSendersToTheFollowingRestrictions(String client, String sender, String user, String action) {
        assertThat(POLICY.apply(request(client, sender, user, "may-bounce")).text())
                .isEqualTo(action);
    }

    @ParameterizedTest
    @CsvSource({"''", "other", "MAY-BOUNCE"})
    void leavesOtherContextsToThePolicy(String context) {
        assertThat(POLICY.apply(request("192.0.2.2", "bob@example.net", "", context))
                        .text())
                .isEqualTo("550 5.7.1 the policy");
    }

    @Test
    void acceptsOnlyTheMethodsOfItsGuard() {
        BounceGuardPolicy spfOnly = new BounceGuardPolicy(BounceGuard.of(Set.of(SenderProof.Method.SPF_PASS)), SPF);
        assertThat(spfOnly.apply(request("192.0.2.2", "bob@example.net", "bob", "may-bounce"))
                        .text())
                .isEqualTo(BounceGuardPolicy.CLASS);
    }
}
