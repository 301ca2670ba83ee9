package org.senderauth.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.core.SmtpReply;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.SpfVerifier;

/** What is exempt, from which step, and which entry of which list says so. */
class ExemptionsTest {

    private static final ZoneDnsClient DNS = ZoneDnsClient.builder().text("""
                    example.net.  300 IN TXT "v=spf1 -all"
                    """).build();

    private static Transaction mail(String client, String helo, String sender, String recipient) {
        return Transaction.of(IpAddresses.parse(client).orElseThrow(), helo, sender)
                .to(recipient);
    }

    private static Exemptions exemptions() {
        return Exemptions.builder()
                .network(Network.parse("192.0.2.0/24").orElseThrow())
                .network(Network.parse("2001:db8::/32").orElseThrow())
                .list("friends")
                .network(Network.parse("192.0.2.7").orElseThrow())
                .heloName("mail.example.com")
                .heloName(".hosts.example.com")
                .sender("Bob@Example.net")
                .senderDomain("example.edu")
                .senderDomain(".example.edu")
                .recipient("postmaster@example.org")
                .recipientDomain("lists.example.org")
                .build();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            192.0.2.8    | h.example           | a@example.com      | b@example.org          | the client is in the exempt network 192.0.2.0/24
            192.0.2.7    | h.example           | a@example.com      | b@example.org          | the client is in the exempt network 192.0.2.7/32 (friends)
            2001:db8::1  | h.example           | a@example.com      | b@example.org          | the client is in the exempt network 2001:db8:0:0:0:0:0:0/32
            2001:db9::1  | h.example           | a@example.com      | b@example.org          | -
            192.0.3.8    | h.example           | a@example.com      | b@example.org          | -
            198.51.100.1 | MAIL.example.com    | a@example.com      | b@example.org          | the HELO name is exempt: mail.example.com (friends)
            198.51.100.1 | a.hosts.example.com | a@example.com      | b@example.org          | the HELO name is exempt: .hosts.example.com (friends)
            198.51.100.1 | hosts.example.com   | a@example.com      | b@example.org          | -
            198.51.100.1 | [192.0.2.1]         | bob@EXAMPLE.net    | b@example.org          | the sender is exempt: bob@example.net (friends)
            198.51.100.1 | h.example           | a@example.edu      | b@example.org          | the sender's domain is exempt: example.edu (friends)
            198.51.100.1 | h.example           | a@x.y.example.edu  | b@example.org          | the sender's domain is exempt: .example.edu (friends)
            198.51.100.1 | h.example           | a@xexample.edu     | b@example.org          | -
            198.51.100.1 | h.example           | a@example.com      | Postmaster@example.org | the recipient is exempt: postmaster@example.org (friends)
            198.51.100.1 | h.example           | a@example.com      | b@lists.example.org    | the recipient's domain is exempt: lists.example.org (friends)
            198.51.100.1 | h.example           | a@example.com      | b@example.org          | -
            """)
    void namesTheEntryAndItsList(String client, String helo, String sender, String recipient, String reason) {
        assertThat(exemptions().reason(mail(client, helo, sender, recipient)).orElse(null))
                .isEqualTo(reason);
    }

    @Test
    void nullSenderIsNotASenderOfAnyDomain() {
        assertThat(exemptions().reason(mail("198.51.100.1", "h.example", "", "b@example.org")))
                .isEmpty();
    }

    @Test
    void entriesMustBeDomains() {
        for (Consumer<Exemptions.Builder> wrong : List.<Consumer<Exemptions.Builder>>of(
                builder -> builder.heloName("no name"),
                builder -> builder.recipientDomain("."),
                builder -> builder.senderDomain("..example.org"))) {
            assertThatIllegalArgumentException().isThrownBy(() -> wrong.accept(Exemptions.builder()));
        }
    }

    @Test
    void rejectsEarlyOnlyIfNoLaterCommandCanExempt() {
        Transaction atHelo = mail("198.51.100.1", "h.example", "a@example.com", "b@example.org");
        Exemptions ofHelo = Exemptions.builder().heloName("mail.example.com").build();
        Exemptions ofRecipients =
                Exemptions.builder().recipientDomain("lists.example.org").build();
        Exemptions ofSpf = Exemptions.builder().step(Step.SPF, ofRecipients).build();
        assertThat(ofHelo.settledAt(Stage.HELO, atHelo)).isTrue();
        assertThat(ofRecipients.settledAt(Stage.MAIL, atHelo)).isFalse();
        assertThat(ofSpf.settledAt(Stage.MAIL, Step.SPF, atHelo)).isFalse();
        assertThat(ofSpf.settledAt(Stage.MAIL, Step.SPF_HELO, atHelo)).isTrue();
        assertThat(ofSpf.settledAt(Stage.RCPT, Step.SPF, atHelo)).isTrue();
    }

    @Test
    void exemptsFromOneStepAndRunsTheOthers() {
        SenderPolicy policy = SenderPolicy.builder("mx.example.org")
                .spf(SpfVerifier.builder().dns(DNS).build(), SpfStrictness.FAIL_ONLY)
                .exemptions(Exemptions.builder()
                        .step(
                                Step.SPF,
                                Exemptions.builder()
                                        .list("broken-spf")
                                        .senderDomain("example.net")
                                        .build())
                        .build())
                .build();
        Transaction broken = mail("198.51.100.1", "h.example", "a@example.net", "b@example.org");
        Decision decision = policy.decide(broken);
        assertThat(decision.smtpReply()).isEmpty();
        assertThat(decision.steps()).extracting(StepReport::step).containsExactly(Step.SPF_HELO, Step.SPF);
        StepResult spf = decision.steps().get(1).result();
        assertThat(spf.result()).isEqualTo(StepResult.EXEMPT);
        assertThat(spf.explanation()).isEqualTo("the sender's domain is exempt: example.net (broken-spf)");
        Transaction forgedHelo = mail("198.51.100.1", "example.net", "a@example.net", "b@example.org");
        assertThat(policy.decide(forgedHelo).smtpReply().map(SmtpReply::toString))
                .hasValueSatisfying(reply -> assertThat(reply).startsWith("550 5.7.23 "));
    }

    @Test
    void findsOneOfManyNetworksByPrefixLength() {
        Exemptions.Builder builder = Exemptions.builder();
        for (int i = 0; i < 50_000; i++) {
            String address = String.format(Locale.ROOT, "10.%d.%d.0/24", i / 200, i % 200);
            builder.network(Network.parse(address).orElseThrow());
        }
        Exemptions many = builder.build();
        assertThat(many.reason(mail("10.249.199.77", "h.example", "", "b@example.org")))
                .hasValue("the client is in the exempt network 10.249.199.0/24");
        assertThat(many.reason(mail("10.249.200.77", "h.example", "", "b@example.org")))
                .isEmpty();
    }

    @Test
    void eachSpellingOfDomainIsSameDomain() {
        Exemptions exemptions = Exemptions.builder()
                .sender("bob@b\u00fccher.example")
                .recipient("carol@xn--bcher-kva.example")
                .build();

        for (String domain : new String[] {"B\u00fccher.example", "xn--bcher-kva.example", "XN--bcher-kva.example."}) {
            assertThat(exemptions.reason(mail("192.0.2.99", "h", "bob@" + domain, "dave@example.org")))
                    .as(domain)
                    .isPresent();
            assertThat(exemptions.reason(mail("192.0.2.99", "h", "eve@example.org", "carol@" + domain)))
                    .as(domain)
                    .isPresent();
        }
    }
}
