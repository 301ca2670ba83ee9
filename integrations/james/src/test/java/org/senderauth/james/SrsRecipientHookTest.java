package org.senderauth.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.james.core.MaybeSender;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.RcptHook;
import org.junit.jupiter.api.Test;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SignatureStripper;
import org.senderauth.srs.AliasStore;
import org.senderauth.srs.MemoryAliasStore;
import org.senderauth.srs.Srs;
import org.senderauth.srs.SrsKeyring;
import org.senderauth.testkit.ManualClock;
import org.senderauth.testkit.SmtpTestClient;

/** Bounces to SRS addresses in a server of James Protocols. */
class SrsRecipientHookTest {

    private static final String STRANGER = "198.51.100.1";
    private static final String FORGED = "SRS0=aaaaaaaa=EL=example.net=bob@example.org";
    private static final String INVALID = "550 5.1.1 Invalid or expired SRS address: no bounce to it is accepted";

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-23T12:00:00Z"));
    private final Srs srs = builder().build();
    private final List<String> validated = new CopyOnWriteArrayList<>();

    // Knows alice only, as a hook that validates recipients does.
    private final RcptHook validation = new RcptHook() {
        @Override
        public HookResult doRcpt(
                SMTPSession session,
                MaybeSender sender,
                org.apache.james.core.MailAddress recipient,
                Map<String, String> parameters) {
            validated.add(recipient.asString());
            return recipient.getLocalPart().equals("alice") ? HookResult.DECLINED : HookResult.DENY;
        }
    };

    private Srs.Builder builder() {
        return Srs.builder()
                .keyring(SrsKeyring.of(SecretKeys.of(new byte[20])))
                .domain("example.org")
                .clock(clock);
    }

    private String rewritten(String sender) {
        return srs.forward(MailAddress.of(sender)).address().toString();
    }

    private EmbeddedServer start(Srs by, boolean nullSenderOnly) throws Exception {
        SenderPolicy policy =
                Policies.over(Policies.ZONE).srs(by, nullSenderOnly).build();
        CalloutHook callouts = new CalloutHook(policy);
        return EmbeddedServer.with(
                new SenderPolicyHook(policy, SignatureStripper.of(Policies.BATV)),
                new SrsRecipientHook(by, callouts),
                validation,
                callouts,
                new AcceptedMessageFilter(policy));
    }

    @Test
    void acceptsBounceToValidAddressThatHasNoMailbox() throws Exception {
        String valid = rewritten("Bob=Ross@example.net");
        try (EmbeddedServer server = start(srs, false);
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), STRANGER)) {
            assertThat(talk.mail("", valid, "bounce")).startsWith("250");
            assertThat(server.taken()).hasSize(1);
            assertThat(server.taken().get(0).recipients()).containsExactly(valid);
            assertThat(validated).isEmpty();
        }
    }

    @Test
    void rejectsExpiredForgedAndMalformedAlike() throws Exception {
        String expired = rewritten("bob@example.net");
        clock.advance(Duration.ofDays(30));
        try (EmbeddedServer server = start(srs, false);
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), STRANGER)) {
            for (String recipient : List.of(expired, FORGED, "SRS1=a=b==c@example.org")) {
                assertThat(talk.mail("", recipient, "bounce")).isEqualTo(INVALID);
            }
            assertThat(validated).isEmpty();
        }
    }

    @Test
    void rejectsWithoutPolicyTooAndForOurOwnClients() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.with(new SrsRecipientHook(srs), validation);
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), STRANGER)) {
            assertThat(talk.mail("", FORGED, "bounce")).isEqualTo(INVALID);
            assertThat(talk.mail("", rewritten("bob@example.net"), "bounce")).startsWith("250");
        }
    }

    @Test
    void leavesOtherRecipientsToNextHook() throws Exception {
        String foreign = "SRS0=AbCd=EK=example.com=bob@elsewhere.example";
        try (EmbeddedServer server = start(srs, false);
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), STRANGER)) {
            assertThat(talk.mail("dave@example.com", "alice@example.org", "mail"))
                    .startsWith("250");
            assertThat(talk.mail("dave@example.com", foreign, "mail")).startsWith("554");
            assertThat(validated).containsExactly("alice@example.org", foreign);
        }
    }

    @Test
    void runsLastStepsForValidAddress() throws Exception {
        try (EmbeddedServer server = start(srs, false);
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), STRANGER)) {
            String valid = rewritten("bob@example.net");
            assertThat(talk.mail("nobody@example.com", valid, "reply")).startsWith("550 5.1.7 ");
            assertThat(talk.mail("dave@example.com", valid, "reply")).startsWith("250");
        }
    }

    @Test
    void acceptsBouncesOnlyIfPolicySaysSo() throws Exception {
        try (EmbeddedServer server = start(srs, true);
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), STRANGER)) {
            String valid = rewritten("bob@example.net");
            for (String recipient : List.of(valid, FORGED)) {
                assertThat(talk.mail("dave@example.com", recipient, "reply"))
                        .isEqualTo("550 5.7.1 SRS addresses accept bounces only");
            }
            assertThat(talk.mail("", valid, "bounce")).startsWith("250");
        }
    }

    @Test
    void limitsGuesses() throws Exception {
        try (EmbeddedServer server = start(srs, false);
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), STRANGER)) {
            for (int i = 0; i < SenderPolicy.MAX_INVALID_PER_NETWORK; i++) {
                assertThat(talk.mail("", FORGED, "guess")).isEqualTo(INVALID);
            }
            assertThat(talk.mail("", FORGED, "guess")).startsWith("450 4.7.1 ");
            assertThat(talk.mail("", rewritten("bob@example.net"), "hit")).startsWith("450 4.7.1 ");
        }
    }

    @Test
    void defersWhileAliasStoreUnavailable() throws Exception {
        AliasStore away = new AliasStore() {
            @Override
            public CompletableFuture<Answer> put(String alias, String address, Duration lifetime) {
                return CompletableFuture.completedFuture(new Answer.Unavailable("away"));
            }

            @Override
            public CompletableFuture<Answer> get(String alias) {
                return CompletableFuture.completedFuture(new Answer.Unavailable("away"));
            }
        };
        String alias = builder()
                .aliases(MemoryAliasStore.create())
                .build()
                .forward(MailAddress.of("b".repeat(60) + "@example.net"))
                .address()
                .toString();
        try (EmbeddedServer server = start(builder().aliases(away).build(), false);
                SmtpTestClient talk = SmtpTestClient.proxied(server.port(), STRANGER)) {
            assertThat(talk.mail("", alias, "bounce")).startsWith("451 4.3.0 ");
        }
    }
}
