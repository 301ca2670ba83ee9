package org.senderauth.james;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.senderauth.james.Mails.mail;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.apache.mailet.MailetConfig;
import org.apache.mailet.MailetContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.batv.BatvKeys;
import org.senderauth.batv.BounceGuard;
import org.senderauth.core.SecretKeys;
import org.senderauth.policy.SignatureStripper;
import org.senderauth.spf.SpfVerifier;

class MailetsTest {

    private static final Batv AWAY = Batv.builder()
            .keys(domain -> new BatvKeys.Unavailable("the store is away"))
            .clock(Policies.CLOCK)
            .build();

    @Test
    void signsSenderOnce() throws Exception {
        MailImpl mail = mail("alice@example.org", "bob@example.net");
        BatvSignSender mailet = new BatvSignSender(Policies.BATV);
        mailet.service(mail);
        mailet.service(mail);
        assertThat(mail.getMaybeSender().asString()).isEqualTo(Policies.TAGGED);
        mail.dispose();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bob@example.net", "SRS0=HHH=TT=example.com=bob@example.org"})
    void leavesOtherSendersUnchanged(String sender) throws Exception {
        Batv ours = Batv.builder()
                .keys(BatvKeys.perDomain(Map.of("example.org", BatvKeyring.of(SecretKeys.of(new byte[20])))))
                .build();
        MailImpl mail = mail(sender, "carol@example.com");
        new BatvSignSender(ours).service(mail);
        assertThat(mail.getMaybeSender().asString("")).isEqualTo(sender);
        mail.dispose();
    }

    @Test
    void leavesSenderForUntaggedDestination() throws Exception {
        Batv batv = Batv.builder()
                .keyring(BatvKeyring.of(SecretKeys.of(new byte[20])))
                .untaggedDestinations(address -> address.domain().equals("lists.example.net"))
                .build();
        MailImpl mail = mail("alice@example.org", "bob@example.net", "list@lists.example.net");
        new BatvSignSender(batv).service(mail);
        assertThat(mail.getMaybeSender().asString()).isEqualTo("alice@example.org");
        mail.dispose();
    }

    @Test
    void stripsRecipientsWithoutDuplicates() throws Exception {
        String forged = "prvs=1000123456=carol@example.org";
        MailImpl mail = mail("", Policies.TAGGED, "alice@example.org", forged, "bob@example.net");
        StripRecipients mailet = new StripRecipients(SignatureStripper.of(Policies.BATV));
        mailet.service(mail);
        mailet.service(mail);
        assertThat(mail.getRecipients())
                .extracting(Object::toString)
                .containsExactly("alice@example.org", "carol@example.org", "bob@example.net");
        mail.dispose();
    }

    @Test
    void throwsWhenKeysUnavailable() throws Exception {
        MailImpl mail = mail("alice@example.org", Policies.TAGGED);
        assertThatIllegalStateException().isThrownBy(() -> new BatvSignSender(AWAY).service(mail));
        assertThatIllegalStateException()
                .isThrownBy(() -> new StripRecipients(SignatureStripper.of(AWAY)).service(mail));
        assertThat(mail.getMaybeSender().asString()).isEqualTo("alice@example.org");
        assertThat(mail.getRecipients()).extracting(Object::toString).containsExactly(Policies.TAGGED);
        mail.dispose();
    }

    @ParameterizedTest
    @CsvSource({
        "bob@example.net, 192.0.2.1, ''",
        "bob@example.net, 198.51.100.1, ghost",
        "bob@example.com, 192.0.2.1, ghost",
        "bob@away.example.net, 192.0.2.1, ghost",
        "bob@example.net, no address, ghost",
        "'', 192.0.2.1, ghost",
        "mailer-daemon@example.net, 192.0.2.1, ghost",
        "alice@example.org, 127.0.0.1, ''",
        "alice@example.org, ::1, ''",
    })
    void allowsBouncesToProvenSendersOnly(String sender, String client, String state) throws Exception {
        MailImpl mail = mail(sender, "nobody@example.org");
        mail.setRemoteAddr(client);
        mail.setState("bounces");
        bounceOnlyProven().service(mail);
        assertThat(mail.getState()).isEqualTo(state.isEmpty() ? "bounces" : state);
        mail.dispose();
    }

    @Test
    void allowsBouncesToAuthenticatedUsers() throws Exception {
        for (Attribute attribute : List.of(
                new Attribute(Mail.SMTP_AUTH_USER, AttributeValue.ofAny("alice")), Mail.SENT_BY_MAILET_ATTRIBUTE)) {
            MailImpl mail = mail("alice@example.org", "nobody@example.com");
            mail.setRemoteAddr("198.51.100.1");
            mail.setState("bounces");
            mail.setAttribute(attribute);
            bounceOnlyProven().service(mail);
            assertThat(mail.getState()).isEqualTo("bounces");
            mail.dispose();
        }
    }

    private static BounceOnlyProven bounceOnlyProven() {
        return new BounceOnlyProven(
                BounceGuard.create(), SpfVerifier.builder().dns(Policies.ZONE).build());
    }

    @Test
    void returnsNameAndConfiguration() {
        MailetConfig config = new MailetConfig() {
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
                throw new AssertionError("asked for");
            }

            @Override
            public String getMailetName() {
                return "name";
            }
        };
        BatvSignSender mailet = new BatvSignSender(Policies.BATV);
        assertThat(mailet.getMailetConfig()).isNull();
        mailet.init(config);
        assertThat(mailet.getMailetConfig()).isSameAs(config);
        assertThat(mailet.getMailetInfo()).isEqualTo("BatvSignSender");
    }
}
