package org.senderauth.james;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.senderauth.james.Mails.mail;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.mail.MessagingException;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetConfig;
import org.apache.mailet.MailetContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.batv.BounceGuard;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.spf.SpfVerifier;
import org.senderauth.srs.AliasStore;
import org.senderauth.srs.MemoryAliasStore;
import org.senderauth.srs.Srs;
import org.senderauth.srs.SrsKeyring;
import org.senderauth.testkit.ManualClock;

/** The mailets that rewrite senders of forwarded mail and reverse the recipients of its bounces, on James's own mails. */
class SrsMailetsTest {

    private static final String LONG = "b".repeat(60) + "@example.net";

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-23T12:00:00Z"));
    private final Srs srs = builder().build();
    private final List<Mail> sent = new ArrayList<>();

    private Srs.Builder builder() {
        return Srs.builder()
                .keyring(SrsKeyring.of(SecretKeys.of(new byte[20])))
                .domain("example.org")
                .clock(clock);
    }

    private String rewritten(String sender) {
        return srs.forward(MailAddress.of(sender)).address().toString();
    }

    private static String senderAfter(Srs srs, MailImpl mail) {
        new SrsForwardSender(srs).service(mail);
        String sender = mail.getMaybeSender().asString("");
        mail.dispose();
        return sender;
    }

    @ParameterizedTest
    @CsvSource({
        "Bob=Ross@example.net, carol@example.com, true",
        "bob@example.net, carol@example.com alice@example.org, true",
        "SRS0=AbCd=EK=example.com=bob@fwd.example.net, carol@example.com, true",
        "bob@example.net, alice@example.org, false",
        "alice@example.org, carol@example.com, false",
        "prvs=0123abcdef=alice@example.org, carol@example.com, false",
        "'', carol@example.com, false",
        "bob@[192.0.2.1], carol@example.com, false",
    })
    void rewritesForeignSenderOfMailToOtherHosts(String sender, String recipients, boolean rewrites) throws Exception {
        MailImpl mail = mail(sender, recipients.split(" "));
        // James writes a sender with an address literal without its brackets.
        String before = mail.getMaybeSender().asString("");
        String after = senderAfter(srs, mail);
        assertThat(after).isEqualTo(rewrites ? rewritten(sender) : before);
        assertThat(after.equals(before)).isNotEqualTo(rewrites);
    }

    @Test
    void rewritesOnce() throws Exception {
        MailImpl mail = mail("bob@example.net", "carol@example.com");
        new SrsForwardSender(srs).service(mail);
        assertThat(senderAfter(srs, mail)).isEqualTo(rewritten("bob@example.net"));
    }

    @Test
    void leavesLongSenderWithoutStore() throws Exception {
        assertThat(senderAfter(srs, mail(LONG, "carol@example.com"))).isEqualTo(LONG);
    }

    @Test
    void throwsWhenAliasStoreUnavailable() throws Exception {
        Srs away = builder().aliases(awayStore()).build();
        MailImpl mail = mail(LONG, "carol@example.com");
        assertThatIllegalStateException().isThrownBy(() -> new SrsForwardSender(away).service(mail));
        assertThat(mail.getMaybeSender().asString()).isEqualTo(LONG);
        mail.dispose();

        String alias = builder()
                .aliases(MemoryAliasStore.create())
                .build()
                .forward(MailAddress.of(LONG))
                .address()
                .toString();
        MailImpl bounce = mail("", alias);
        assertThatIllegalStateException().isThrownBy(() -> reverser(away).service(bounce));
        assertThat(recipients(bounce)).containsExactly(alias);
        assertThat(sent).isEmpty();
        bounce.dispose();
    }

    private static AliasStore awayStore() {
        return new AliasStore() {
            @Override
            public CompletableFuture<Answer> put(String alias, String address, Duration lifetime) {
                return CompletableFuture.completedFuture(new Answer.Unavailable("away"));
            }

            @Override
            public CompletableFuture<Answer> get(String alias) {
                return CompletableFuture.completedFuture(new Answer.Unavailable("away"));
            }
        };
    }

    @Test
    void sendsBounceOnToOriginalSender() throws Exception {
        MailImpl mail = mail("", rewritten("Bob=Ross@example.net"));
        reverser(srs).service(mail);
        assertThat(mail.getState()).isEqualTo(Mail.GHOST);
        assertThat(sent).hasSize(1);
        assertThat(recipients(sent.get(0))).containsExactly("Bob=Ross@example.net");
        assertThat(sent.get(0).getMaybeSender().isNullSender()).isTrue();
        assertThat(sent.get(0).getState()).isNotEqualTo(Mail.GHOST);
        mail.dispose();
    }

    @Test
    void leavesOtherRecipientsOfSameMail() throws Exception {
        String forged = "SRS0=aaaaaaaa=EL=example.net=bob@example.org";
        String foreign = "SRS0=AbCd=EK=example.com=bob@fwd.example.net";
        String valid = rewritten("bob@example.net");
        MailImpl mail = mail("carol@example.com", "alice@example.org", forged, valid, foreign);
        reverser(srs).service(mail);
        assertThat(recipients(mail)).containsExactly("alice@example.org", forged, foreign);
        assertThat(mail.getState()).isNotEqualTo(Mail.GHOST);
        assertThat(recipients(sent.get(0))).containsExactly("bob@example.net");
        mail.dispose();
    }

    @Test
    void sendsNothingOnForInvalidAddress() throws Exception {
        String expired = rewritten("bob@example.net");
        clock.advance(Duration.ofDays(30));
        MailImpl mail = mail("", expired, "SRS0=joe@example.org", "alice@example.org");
        reverser(srs).service(mail);
        assertThat(recipients(mail)).containsExactly(expired, "SRS0=joe@example.org", "alice@example.org");
        assertThat(sent).isEmpty();
        mail.dispose();
    }

    @Test
    void keepsRecipientsWhenQueueUnavailable() throws Exception {
        String valid = rewritten("bob@example.net");
        MailImpl mail = mail("", valid);
        SrsReverseRecipients mailet = new SrsReverseRecipients(srs);
        assertThatIllegalStateException().isThrownBy(() -> mailet.service(mail));
        mailet.init(config(new MessagingException("the queue is away")));
        assertThatIllegalStateException().isThrownBy(() -> mailet.service(mail));
        assertThat(recipients(mail)).containsExactly(valid);
        assertThat(mail.getState()).isNotEqualTo(Mail.GHOST);
        mail.dispose();
    }

    // original sender | client | state: the sender is rewritten, and James has marked the mail as sent by itself
    @ParameterizedTest
    @CsvSource({
        "bob@example.net, 192.0.2.1, ''",
        "bob@example.net, 198.51.100.1, ghost",
        "bob@example.com, 192.0.2.1, ghost",
        "bob@example.com, 127.0.0.1, ghost",
    })
    void bouncesForwardedMailToProvenOriginalSenderOnly(String original, String client, String state) throws Exception {
        MailImpl mail = mail(rewritten(original), "nobody@example.com");
        mail.setRemoteAddr(client);
        mail.setState("bounces");
        mail.setAttribute(Mail.SENT_BY_MAILET_ATTRIBUTE);
        new BounceOnlyProven(
                        BounceGuard.create(),
                        SpfVerifier.builder().dns(Policies.ZONE).build(),
                        srs)
                .service(mail);
        assertThat(mail.getState()).isEqualTo(state.isEmpty() ? "bounces" : state);
        mail.dispose();
    }

    @Test
    void bouncesMailOfOurOwnWithSrsToo() throws Exception {
        for (Attribute attribute : List.of(
                new Attribute(Mail.SMTP_AUTH_USER, AttributeValue.ofAny("alice")), Mail.SENT_BY_MAILET_ATTRIBUTE)) {
            MailImpl mail = mail("alice@example.org", "nobody@example.com");
            mail.setRemoteAddr("198.51.100.1");
            mail.setState("bounces");
            mail.setAttribute(attribute);
            new BounceOnlyProven(
                            BounceGuard.create(),
                            SpfVerifier.builder().dns(Policies.ZONE).build(),
                            srs)
                    .service(mail);
            assertThat(mail.getState()).isEqualTo("bounces");
            mail.dispose();
        }
    }

    private static List<String> recipients(Mail mail) {
        return mail.getRecipients().stream().map(Object::toString).toList();
    }

    private SrsReverseRecipients reverser(Srs by) {
        SrsReverseRecipients mailet = new SrsReverseRecipients(by);
        mailet.init(config(null));
        return mailet;
    }

    /** A configuration whose context keeps what is sent, or fails. */
    private MailetConfig config(Exception failure) {
        MailetContext context = (MailetContext) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {MailetContext.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("sendMail") || arguments.length != 1) {
                        throw new AssertionError(method.toString());
                    }
                    if (failure != null) {
                        throw failure;
                    }
                    sent.add(((Mail) arguments[0]).duplicate());
                    return null;
                });
        return new MailetConfig() {
            @Override
            public String getInitParameter(String name) {
                return "";
            }

            @Override
            public Iterator<String> getInitParameterNames() {
                return Collections.emptyIterator();
            }

            @Override
            public MailetContext getMailetContext() {
                return context;
            }

            @Override
            public String getMailetName() {
                return "name";
            }
        };
    }
}
