package org.senderauth.milter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.milter.MilterAnswer.ChangeHeader;
import org.senderauth.milter.MilterAnswer.InsertHeader;
import org.senderauth.milter.MilterAnswer.Reply;
import org.senderauth.milter.MilterAnswer.Simple;
import org.senderauth.milter.MilterCommand.Body;
import org.senderauth.milter.MilterCommand.Data;
import org.senderauth.milter.MilterCommand.EndOfHeaders;
import org.senderauth.milter.MilterCommand.EndOfMessage;
import org.senderauth.milter.MilterCommand.Header;
import org.senderauth.policy.Exemptions;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SpfStrictness;
import org.senderauth.spf.SpfVerifier;

/** A failure of SPF is overridden by DKIM only if the verifier of this host wrote the result. */
class UnlessDkimPassesTest {

    private static final String VERIFIER = "dkim.mx.example.org";
    private static final Header FROM = new Header("From", " Bob <bob@example.net>");
    private static final Header PASS =
            new Header("Authentication-Results", " " + VERIFIER + "; dkim=pass header.d=example.net");

    private final ZoneDnsClient dns = ZoneDnsClient.builder().text("""
                    example.net.         300 IN TXT "v=spf1 -all"
                    _dmarc.example.net.  300 IN TXT "v=DMARC1; p=reject"
                    """).build();
    private final ResultsRemover remover = new ResultsRemover(VERIFIER);
    private final PolicyMilter filter = PolicyMilter.builder(
                    SenderPolicy.builder("mx.example.org")
                            .spf(SpfVerifier.builder().dns(dns).build(), SpfStrictness.FAIL_ONLY)
                            .unlessDkimPasses(dns)
                            .traced(true)
                            .exemptions(Exemptions.builder()
                                    .recipient("postmaster@example.org")
                                    .build())
                            .build(),
                    "mx.example.org")
            .dkimVerifier(VERIFIER)
            .build();

    private static List<MilterAnswer> through(MilterHandler handler, List<Header> headers, String... recipients) {
        FakeMta mta = new FakeMta(handler).connected("198.51.100.7");
        mta.mail("<bob@example.net>");
        for (String recipient : recipients) {
            assertThat(mta.rcpt("<" + recipient + ">")).containsExactly(Simple.CONTINUE);
        }
        return mta.content("text", headers.toArray(Header[]::new));
    }

    /** The whole chain as an MTA runs it: the remover, the DKIM verifier with its field on top if it runs, the policy. */
    private MilterAnswer chain(List<Header> fromClient, List<Header> ofVerifier, String... recipients) {
        List<Header> headers = new ArrayList<>(fromClient);
        for (MilterAnswer answer : through(remover, headers, recipients)) {
            if (answer instanceof ChangeHeader change) {
                int seen = 0;
                for (int i = 0; i < headers.size(); i++) {
                    if (headers.get(i).name().equalsIgnoreCase(change.name()) && ++seen == change.index()) {
                        headers.remove(i);
                        break;
                    }
                }
            }
        }
        headers.addAll(0, ofVerifier);
        List<MilterAnswer> answers = through(filter, headers, recipients);
        return answers.get(answers.size() - 1);
    }

    @Test
    void passOfTheVerifierOverridesTheFailure() {
        assertThat(chain(List.of(FROM), List.of(PASS), "alice@example.org")).isEqualTo(Simple.CONTINUE);
    }

    @Test
    void forgedFieldIsRemovedWhileTheVerifierIsStopped() {
        Header other =
                new Header("authentication-results", " (x) \"DKIM.mx.example.org\" 1; dkim=pass header.d=example.net");
        for (List<Header> forged : List.of(List.of(PASS, FROM), List.of(FROM, other, PASS, PASS))) {
            assertThat(chain(forged, List.of(), "alice@example.org"))
                    .isInstanceOfSatisfying(
                            Reply.class,
                            reply -> assertThat(reply.lines().get(0).toString()).startsWith("550 5.7.23 "));
        }
    }

    @Test
    void fieldsOfOtherNamesAndSeveralAuthorsOverrideNothing() {
        Header other = new Header("Authentication-Results", " other.example; dkim=pass header.d=example.net");
        assertThat(chain(List.of(FROM), List.of(other), "alice@example.org")).isInstanceOf(Reply.class);
        assertThat(chain(List.of(FROM, FROM), List.of(PASS), "alice@example.org"))
                .isInstanceOf(Reply.class);
        assertThat(chain(List.of(), List.of(PASS), "alice@example.org")).isInstanceOf(Reply.class);
    }

    @Test
    void rejectsOrdinaryMailForAllRecipients() {
        assertThat(chain(List.of(FROM), List.of(), "postmaster@example.org", "alice@example.org"))
                .isInstanceOf(Reply.class);
    }

    @Test
    void removerDeletesFieldsOfItsNameOnly() {
        Header other = new Header("Authentication-Results", " mx.example.org; spf=pass");
        assertThat(through(remover, List.of(other, PASS, FROM), "alice@example.org"))
                .hasSize(2)
                .first()
                .isInstanceOfSatisfying(
                        ChangeHeader.class, change -> assertThat(change.index()).isEqualTo(2));
    }

    @Test
    void messageNamesOneDecision() {
        assertThat(through(filter, List.of(PASS, FROM), "alice@example.org", "bob@example.org"))
                .filteredOn(answer -> answer instanceof InsertHeader inserted
                        && inserted.name().equals(PolicyMilter.DECISION_HEADER))
                .hasSize(1);
    }

    @Test
    void readsOfTheBodyNoMoreThanItsBeginning() {
        FakeMta mta = new FakeMta(filter).connected("198.51.100.7");
        mta.mail("<bob@example.net>");
        mta.rcpt("<alice@example.org>");
        mta.say(new Data());
        mta.say(PASS, FROM, new EndOfHeaders());
        assertThat(mta.say(new Body("x".repeat(60_000)))).containsExactly(Simple.CONTINUE);
        assertThat(mta.say(new Body("x".repeat(60_000)))).containsExactly(Simple.SKIP);
        assertThat(mta.say(new EndOfMessage(""))).endsWith(Simple.CONTINUE);
    }

    @Test
    void verifierNeedsANameOfItsOwn() {
        PolicyMilter.Builder builder = PolicyMilter.builder(
                SenderPolicy.builder("mx.example.org")
                        .spf(SpfVerifier.create(), SpfStrictness.FAIL_ONLY)
                        .build(),
                "mx.example.org");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.dkimVerifier("MX.example.org"));
    }
}
