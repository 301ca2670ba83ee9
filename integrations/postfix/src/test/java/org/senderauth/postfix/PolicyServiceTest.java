package org.senderauth.postfix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.core.HeaderField;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.policy.Exemptions;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SenderPolicyBuilder;
import org.senderauth.policy.SpfStrictness;
import org.senderauth.policy.Step;
import org.senderauth.policy.StepMode;
import org.senderauth.policy.StepModes;
import org.senderauth.policy.TempfailAction;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesKey;
import org.senderauth.ses.SesKeyring;
import org.senderauth.ses.SesLimits;
import org.senderauth.spf.SpfVerifier;
import org.senderauth.srs.Srs;
import org.senderauth.srs.SrsKeyring;
import org.senderauth.testkit.ManualClock;

class PolicyServiceTest {

    private static final ZoneDnsClient ZONE = ZoneDnsClient.builder()
            .text("example.net. 300 IN TXT \"v=spf1 ip4:192.0.2.1 -all\"\n")
            .trouble(DomainNames.of("away.example.net"), Cause.TIMEOUT)
            .build();

    private final PolicyService service =
            new PolicyService(spf().onTempfail(Step.SPF, TempfailAction.DEFER).build());

    private static SenderPolicyBuilder spf() {
        return SenderPolicy.builder("mx.example.org")
                .spf(
                        SpfVerifier.builder()
                                .dns(ZONE)
                                .receiver("mx.example.org")
                                .clock(ManualClock.at(Instant.EPOCH))
                                .build(),
                        SpfStrictness.FAIL_ONLY);
    }

    private static PolicyRequest request(String... changes) {
        Map<String, String> attributes = new HashMap<>(Map.of(
                "request", "smtpd_access_policy",
                "protocol_state", "RCPT",
                "client_address", "192.0.2.1",
                "helo_name", "client.example",
                "sender", "bob@example.net",
                "recipient", "alice@example.org",
                "instance", "1.2.3.0"));
        for (int i = 0; i < changes.length; i += 2) {
            attributes.put(changes[i], changes[i + 1]);
        }
        return new PolicyRequest(attributes);
    }

    @Test
    void rejectsWithReplyAndDefersIfPermit() {
        assertThat(service.apply(request("client_address", "198.51.100.1")).text())
                .startsWith("550 5.7.23 SPF check failed: ");
        assertThat(service.apply(request("sender", "bob@away.example.net")).text())
                .startsWith("DEFER_IF_PERMIT 4.7.24 ");
    }

    // With DEFER_IF_PERMIT Postfix would go on to look up the recipient, and reject only the forged one.
    @Test
    void defersGuessesAtOnce() {
        Srs srs = Srs.builder()
                .keyring(SrsKeyring.of(SecretKeys.of(new byte[20])))
                .domain("example.org")
                .build();
        PolicyService guarded = new PolicyService(
                SenderPolicy.builder("mx.example.org").srs(srs).build());
        String valid = srs.forward(MailAddress.of("bob@example.net")).address().toString();
        String forged = "SRS0=aaaaaaaa" + valid.substring("SRS0=aaaaaaaa".length());
        for (int i = 0; i < SenderPolicy.MAX_INVALID_PER_NETWORK; i++) {
            assertThat(guarded.apply(guess(forged, i)).text()).startsWith("550 5.1.1 ");
        }
        String deferral = guarded.apply(guess(forged, -1)).text();
        assertThat(deferral).startsWith("450 4.7.1 ");
        assertThat(guarded.apply(guess(valid, -2)).text()).isEqualTo(deferral);
    }

    private static PolicyRequest guess(String recipient, int message) {
        return request("sender", "", "recipient", recipient, "instance", Integer.toString(message));
    }

    @Test
    void neverUsesCodesThatPostfixRewritesToBadRecipient() {
        // The policy itself replies 501 5.1.7.
        assertThat(service.apply(request("sender", "no address")).text()).startsWith("501 5.1.0 ");
    }

    @Test
    void returnsEachHeaderOncePerRequest() {
        assertThat(service.apply(request()).text()).startsWith("PREPEND Authentication-Results: mx.example.org; spf=");
        assertThat(service.apply(request("recipient", "carol@example.org")).text())
                .startsWith("PREPEND Received-SPF: pass ");
        assertThat(service.apply(request("recipient", "dave@example.org"))).isEqualTo(PolicyAction.DUNNO);
        assertThat(service.apply(request("instance", "1.2.3.1")).text()).startsWith("PREPEND Authentication-Results: ");
        assertThat(service.apply(request("instance", "")).text()).startsWith("PREPEND Authentication-Results: ");
    }

    @Test
    void prependsFieldsAsLongAsLinesMayBe() {
        String field = "X: " + "x".repeat(HeaderField.MAX_LINE - 3);

        assertThat(PolicyAction.prepend(field).text()).isEqualTo("PREPEND " + field);
        assertThatIllegalArgumentException().isThrownBy(() -> PolicyAction.prepend(field + "x"));
    }

    @Test
    void endedMessageBeginsAnew() {
        service.apply(request());
        service.ended(request("client_address", "unknown"));
        service.ended(request("instance", "other"));
        assertThat(service.apply(request()).text()).startsWith("PREPEND Received-SPF: pass ");
        service.ended(request());
        assertThat(service.apply(request()).text()).startsWith("PREPEND Authentication-Results: ");
    }

    // A connection as of one smtpd: each message has its fields once, whatever came before it.
    @Test
    void eachMessageOfConnectionHasItsHeadersOnce() {
        Protocol<PolicyRequest> connection = new PolicyProtocol(service, service::ended).connected();
        for (int i = 0; i < 3; i++) {
            String message = "7355.65." + i;
            List<String> actions = new ArrayList<>();
            for (String state : List.of("RCPT", "RCPT", "DATA", "END-OF-MESSAGE")) {
                actions.add(new String(
                        connection
                                .answer(request("protocol_state", state, "instance", message))
                                .octets(),
                        StandardCharsets.US_ASCII));
            }
            assertThat(actions.get(0)).startsWith("action=PREPEND Authentication-Results: ");
            assertThat(actions.get(1)).startsWith("action=PREPEND Received-SPF: ");
            assertThat(actions.subList(2, 4)).containsOnly("action=DUNNO\n\n");
        }
    }

    @Test
    void neverDecidesAgainAtData() {
        StepModes modes = StepModes.builder()
                .recipientDomain("example.org", Step.SPF, StepMode.MONITOR)
                .build();
        PolicyService lenient = new PolicyService(spf().modes(modes).build());

        assertThat(lenient.apply(request("client_address", "198.51.100.1")).text())
                .startsWith("PREPEND Authentication-Results: ");
        assertThat(lenient.apply(request("client_address", "198.51.100.1", "recipient", "carol@example.org"))
                        .text())
                .startsWith("PREPEND Received-SPF: fail ");
        // Two recipients: Postfix names none of them here, and no domain's mode can be looked up.
        assertThat(lenient.apply(request("client_address", "198.51.100.1", "recipient", "", "protocol_state", "DATA")))
                .isEqualTo(PolicyAction.DUNNO);
        assertThat(lenient.apply(request(
                                "client_address",
                                "198.51.100.1",
                                "recipient",
                                "",
                                "protocol_state",
                                "DATA",
                                "instance",
                                "new"))
                        .text())
                .as("first asked about at DATA")
                .startsWith("550 5.7.23 ");
    }

    @Test
    void returnsHeadersOfFirstCheckedRecipient() {
        PolicyService exempting = new PolicyService(spf().exemptions(
                        Exemptions.builder().recipient("postmaster@example.org").build())
                .build());
        assertThat(exempting.apply(request("recipient", "postmaster@example.org")))
                .isEqualTo(PolicyAction.DUNNO);
        assertThat(exempting.apply(request()).text()).startsWith("PREPEND Authentication-Results: ");
    }

    // Each line is what Postfix asks about one bounce; the policy allows two of them.
    @ParameterizedTest
    @ValueSource(strings = {"RCPT RCPT DATA END-OF-MESSAGE", "RCPT DATA", "RCPT END-OF-MESSAGE", "DATA END-OF-MESSAGE"})
    void countsAcceptedBounceOnceUpToUseLimit(String states) {
        Ses ses = twoUses();
        PolicyService bounces = bounces(ses);
        String signed = ses.sign(MailAddress.of("alice@example.org")).toString();
        for (int bounce = 0; bounce < 2; bounce++) {
            for (String state : states.split(" ")) {
                assertThat(bounces.apply(bounce(signed, state, bounce))).isEqualTo(PolicyAction.DUNNO);
            }
        }
        assertThat(bounces.apply(bounce(signed, "RCPT", 2)).text()).startsWith("550 5.7.1 ");
    }

    @Test
    void neverCountsRejectedBounce() {
        Ses ses = twoUses();
        PolicyService bounces = bounces(ses);
        String signed = ses.sign(MailAddress.of("alice@example.org")).toString();
        for (int bounce = 0; bounce < 5; bounce++) {
            assertThat(bounces.apply(bounce(signed, "RCPT", bounce))).isEqualTo(PolicyAction.DUNNO);
        }
    }

    private static Ses twoUses() {
        return Ses.builder()
                .keyring(SesKeyring.builder()
                        .add("example.org", SesKey.of(SecretKeys.of(new byte[20])))
                        .build())
                .limits(SesLimits.builder()
                        .bounces(2)
                        .publicLookups(0)
                        .addresses(0)
                        .build())
                .clock(ManualClock.at(Instant.parse("2026-11-23T12:00:00Z")))
                .build();
    }

    private static PolicyService bounces(Ses ses) {
        return new PolicyService(SenderPolicy.builder("mx.example.org")
                .ses(ses, Set.of("example.org"))
                .build());
    }

    private static PolicyRequest bounce(String recipient, String state, int number) {
        return request("sender", "", "recipient", recipient, "protocol_state", state, "instance", "" + number);
    }

    @Test
    void exemptsAuthenticatedClient() {
        assertThat(service.apply(request("client_address", "198.51.100.1", "sasl_username", "alice")))
                .isEqualTo(PolicyAction.DUNNO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT", "EHLO", "HELO", "ETRN", "VRFY", "", "NEW-STATE"})
    void returnsDunnoWithoutSender(String state) {
        assertThat(service.apply(request("protocol_state", state, "client_address", "198.51.100.1")))
                .isEqualTo(PolicyAction.DUNNO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "DATA", "END-OF-MESSAGE"})
    void decidesWithSenderWithoutRecipient(String state) {
        assertThat(service.apply(request("protocol_state", state, "client_address", "198.51.100.1", "recipient", ""))
                        .text())
                .startsWith("550 5.7.23 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "unknown", "mail.example.org", "192.0.2.300"})
    void returnsDunnoForUnknownClient(String client) {
        assertThat(service.apply(request("client_address", client))).isEqualTo(PolicyAction.DUNNO);
    }

    @Test
    void rejectsMissingPartsAtOnce() {
        assertThatNullPointerException()
                .isThrownBy(() -> new PolicyService(null))
                .withMessage("policy");
        assertThatNullPointerException()
                .isThrownBy(() -> AddressMaps.sign(null))
                .withMessage("batv");
        assertThatNullPointerException()
                .isThrownBy(() -> AddressMaps.srsForward(null))
                .withMessage("srs");
    }
}
