package org.senderauth.milter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.core.SmtpReply;
import org.senderauth.milter.MilterAnswer.AddRecipient;
import org.senderauth.milter.MilterAnswer.AddRecipientWithArguments;
import org.senderauth.milter.MilterAnswer.ChangeHeader;
import org.senderauth.milter.MilterAnswer.ChangeSender;
import org.senderauth.milter.MilterAnswer.DeleteRecipient;
import org.senderauth.milter.MilterAnswer.InsertHeader;
import org.senderauth.milter.MilterAnswer.Negotiated;
import org.senderauth.milter.MilterAnswer.Simple;
import org.senderauth.milter.MilterCommand.Abort;
import org.senderauth.milter.MilterCommand.Body;
import org.senderauth.milter.MilterCommand.Connect;
import org.senderauth.milter.MilterCommand.Data;
import org.senderauth.milter.MilterCommand.EndOfHeaders;
import org.senderauth.milter.MilterCommand.EndOfMessage;
import org.senderauth.milter.MilterCommand.Header;
import org.senderauth.milter.MilterCommand.Helo;
import org.senderauth.milter.MilterCommand.Mail;
import org.senderauth.milter.MilterCommand.Negotiate;
import org.senderauth.milter.MilterCommand.Quit;
import org.senderauth.milter.MilterCommand.QuitNewConnection;
import org.senderauth.milter.MilterCommand.Rcpt;
import org.senderauth.milter.MilterCommand.Unknown;

class MilterSessionTest {

    private static final List<MilterAnswer> CONTINUE = List.of(Simple.CONTINUE);

    private final List<String> events = new ArrayList<>();
    private MilterVerdict atEnd = MilterVerdict.CONTINUE;
    private Consumer<MilterChanges> changes = wanted -> {};
    private boolean needsContent = true;
    private final List<MilterMessage> messages = new ArrayList<>();
    private final List<MilterMessage> ended = new ArrayList<>();

    private final MilterObserver observer = new MilterObserver() {
        @Override
        public void failed(Throwable cause) {
            events.add("failed " + cause.getMessage());
        }

        @Override
        public void broken(String problem) {
            events.add("broken");
        }

        @Override
        public void leftOut(MilterAction action) {
            events.add("left out " + action);
        }
    };

    private final MilterHandler handler = new MilterHandler() {
        @Override
        public MilterNeeds needs() {
            return MilterNeeds.builder()
                    .actions(EnumSet.complementOf(EnumSet.of(MilterAction.CHOOSE_MACROS)))
                    .headers(Set.of("Subject"))
                    .contentBytes(200)
                    .rejectedRecipients(true)
                    .build();
        }

        @Override
        public ForMessage message(MilterMessage message) {
            messages.add(message);
            events.add("mail <" + message.sender().address() + ">");
            return new ForMessage() {
                @Override
                public MilterVerdict recipient(MilterPath recipient) {
                    events.add("rcpt <" + recipient.address() + ">");
                    return switch (recipient.address()) {
                        case "bad@example.org" -> MilterVerdict.reply(new SmtpReply(550, "5.7.1", "no"));
                        case "all@example.org" -> MilterVerdict.ACCEPT;
                        case "fails@example.org" -> throw new IllegalStateException("of the test");
                        default -> MilterVerdict.CONTINUE;
                    };
                }

                @Override
                public void rejected(MilterPath recipient) {
                    events.add("rejected <" + recipient.address() + ">");
                }

                @Override
                public boolean needsContent() {
                    return needsContent;
                }

                @Override
                public void header(MilterHeader header) {
                    if (header.value().equals("fails")) {
                        throw new IllegalStateException("of the test");
                    }
                    events.add(header.name() + "/" + header.index() + "=" + header.value());
                }

                @Override
                public MilterVerdict end(MilterChanges wanted) {
                    changes.accept(wanted);
                    return atEnd;
                }

                @Override
                public void ended() {
                    ended.add(message);
                }
            };
        }
    };

    private FakeMta mta() {
        return new FakeMta(handler, observer).connected("192.0.2.7");
    }

    private static String content(MilterMessage message) {
        return new String(message.content(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void asksForNoMoreThanIsOffered() {
        assertThat(new FakeMta(handler).say(new Negotiate(2, 0x1f, 0x7f)))
                .containsExactly(new Negotiated(2, 0x1f, 0, List.of()));
        assertThat(new FakeMta(handler).say(new Negotiate(7, -1, -1)))
                .first()
                .isInstanceOfSatisfying(Negotiated.class, agreed -> {
                    assertThat(agreed.version()).isEqualTo(6);
                    assertThat(agreed.actions()).isEqualTo(0xff);
                });
        assertThat(new FakeMta(handler).say(new Negotiate(6, 0, 0)))
                .containsExactly(new Negotiated(6, 0, 0, List.of()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void unsupportedVersionEndsSession(int version) {
        FakeMta mta = new FakeMta(handler, observer);
        assertThat(mta.say(new Negotiate(version, 0x1ff, 0x1fffff))).isEmpty();
        assertThat(mta.session().isBroken()).isTrue();
    }

    @Test
    void rejectsOneRecipientAndContinues() {
        FakeMta mta = mta();
        assertThat(mta.mail("<joe@client.example>")).isEqualTo(CONTINUE);
        assertThat(mta.rcpt("<alice@example.org>")).isEqualTo(CONTINUE);
        assertThat(mta.rcpt("<bad@example.org>"))
                .containsExactly(MilterAnswer.Reply.of(new SmtpReply(550, "5.7.1", "no")));
        assertThat(mta.rcpt("<carol@example.org>")).isEqualTo(CONTINUE);
        assertThat(mta.content("hello\r\n")).isEqualTo(CONTINUE);
        assertThat(messages.get(0).recipients())
                .extracting(MilterPath::address)
                .containsExactly("alice@example.org", "carol@example.org");
    }

    @Test
    void leavesOutRecipientsThatTheMtaRejected() {
        FakeMta mta = mta();
        mta.mail("<joe@client.example>");
        mta.macro('R', "{rcpt_mailer}", "error");
        assertThat(mta.rcpt("<nobody@example.org>")).isEqualTo(CONTINUE);
        // Sendmail and Postfix name the mailer for each; one that is not named must not inherit it.
        mta.rcpt("<alice@example.org>");
        assertThat(events).contains("rejected <nobody@example.org>", "rcpt <alice@example.org>");
        assertThat(messages.get(0).recipients()).hasSize(1);
    }

    @Test
    void severalMessagesInOneConnectionShareNothing() {
        FakeMta mta = mta();
        for (int i = 0; i < 500; i++) {
            mta.macro('M', "{auth_authen}", i == 0 ? "alice" : "");
            mta.mail("<joe" + i + "@client.example>");
            mta.macro('R', "i", "Q" + i);
            mta.rcpt("<alice@example.org>");
            assertThat(messages.get(i).macro("auth_authen").isPresent()).isEqualTo(i == 0);
            assertThat(messages.get(i).queueId()).hasValue("Q" + i);
            assertThat(mta.content("text " + i, new Header("Subject", " a"), new Header("subject", " b")))
                    .isEqualTo(CONTINUE);
            assertThat(content(messages.get(i))).isEqualTo("Subject: a\r\nsubject: b\r\n\r\ntext " + i);
            assertThat(events).endsWith("Subject/1=a", "subject/2=b");
            // Postfix says so, most often twice; Sendmail does not.
            if (i % 3 == 0) {
                mta.say(new Abort(), new Abort());
            }
        }
    }

    @Test
    void inheritsNoMacrosFromEarlierMessage() {
        FakeMta mta = mta();
        mta.macro('M', "{auth_authen}", "alice");
        mta.mail("<alice@example.org>");
        mta.rcpt("<bob@example.net>");
        mta.content("x");
        mta.mail("<mallory@example.net>");
        assertThat(messages.get(1).macro("{auth_authen}")).isEmpty();
    }

    @Test
    void abandonedMessageLeavesNothingToTheNext() {
        FakeMta mta = mta();
        mta.macro('M', "{auth_authen}", "alice");
        mta.mail("<alice@example.org>");
        mta.macro('R', "i", "Q1");
        mta.rcpt("<bob@example.net>");
        mta.say(new Helo("again"));
        mta.mail("<mallory@example.net>");
        assertThat(messages.get(1).macro("auth_authen")).isEmpty();
        assertThat(messages.get(1).queueId()).isEmpty();
        mta.macro('R', "i", "Q2");
        mta.rcpt("<bob@example.net>");
        mta.mail("<mallory@example.net>");
        assertThat(messages.get(2).queueId()).isEmpty();
    }

    @Test
    void eachMessageEndsOnce() {
        FakeMta mta = mta();
        mta.mail("<alice@example.org>");
        mta.rcpt("<bob@example.net>");
        assertThat(ended).isEmpty();
        mta.content("x");
        assertThat(ended).hasSize(1);
        mta.say(new Abort(), new Abort());
        mta.mail("<left@example.org>");
        mta.mail("<aborted@example.org>");
        assertThat(ended).hasSize(2);
        mta.say(new Abort());
        mta.mail("<broken@example.org>");
        mta.say(new Connect("c", 'U', 0, ""));
        assertThat(ended).isEqualTo(messages).hasSize(4);
    }

    @Test
    void bodyIsKeptUpToTheLimitAndTheRestIsNotAskedFor() {
        FakeMta mta = mta();
        mta.mail("<>");
        mta.rcpt("<alice@example.org>");
        mta.say(new Data(), new Header("Subject", " x"), new EndOfHeaders());
        assertThat(mta.say(new Body("\0\u00e4".repeat(50)))).isEqualTo(CONTINUE);
        assertThat(mta.say(new Body("b".repeat(65_535)))).containsExactly(Simple.SKIP);
        assertThat(mta.say(new EndOfMessage("rest"))).isEqualTo(CONTINUE);
        assertThat(content(messages.get(0)))
                .hasSize(200)
                .contains("\0\u00e4\0\u00e4")
                .endsWith("bb");
    }

    @Test
    void contentThatIsNotNeededIsNotKept() {
        needsContent = false;
        FakeMta mta = mta();
        mta.mail("<>");
        mta.rcpt("<alice@example.org>");
        mta.say(new Header("Subject", " x"), new EndOfHeaders());
        assertThat(mta.say(new Body("text"))).containsExactly(Simple.SKIP);
        mta.say(new EndOfMessage(""));
        assertThat(messages.get(0).content()).isEmpty();
    }

    @Test
    void changesAreSentInTheOrderThatIsRightForBothMtas() {
        changes = wanted -> {
            wanted.prependHeader("X-First", "1");
            wanted.prependHeader("X-Second", "2");
            wanted.deleteHeader("Subject", 1);
            wanted.deleteHeader("Subject", 3);
            wanted.changeSender("");
            wanted.replaceRecipient(messages.get(0).recipients().get(0), "alice@example.org");
            wanted.replaceRecipient(messages.get(0).recipients().get(1), "b\u00fcro@example.org");
            wanted.replaceBody("x".repeat(70_000).getBytes(StandardCharsets.US_ASCII));
        };
        FakeMta mta = mta();
        mta.mail("<joe@client.example>");
        mta.rcpt("<prvs=0123456789=alice@example.org>", "NOTIFY=SUCCESS", "ORCPT=rfc822;x", "SIZE=1");
        mta.rcpt("prvs=0123456789=b\u00c3\u00bcro@example.org");
        assertThat(mta.content("x"))
                .containsExactly(
                        new ChangeHeader(3, "Subject", ""),
                        new ChangeHeader(1, "Subject", ""),
                        new InsertHeader(0, "X-Second", " 2"),
                        new InsertHeader(0, "X-First", " 1"),
                        new ChangeSender("<>", ""),
                        new DeleteRecipient("<prvs=0123456789=alice@example.org>"),
                        new DeleteRecipient("prvs=0123456789=b\u00c3\u00bcro@example.org"),
                        new AddRecipientWithArguments("<alice@example.org>", "NOTIFY=SUCCESS ORCPT=rfc822;x"),
                        new AddRecipient("<b\u00c3\u00bcro@example.org>"),
                        new MilterAnswer.ReplaceBody("x".repeat(65_535)),
                        new MilterAnswer.ReplaceBody("x".repeat(70_000 - 65_535)),
                        Simple.CONTINUE);
    }

    @Test
    void omitsForbiddenChangesWithoutLosingRecipients() {
        changes = wanted -> {
            wanted.changeSender("x@example.org");
            wanted.deleteHeader("Subject", 1);
            wanted.addHeader("X-A", "1");
            wanted.replaceRecipient(messages.get(0).recipients().get(0), "alice@example.org");
        };
        FakeMta mta = new FakeMta(handler, observer);
        // A version 2 MTA that may add headers and delete recipients, and no more.
        mta.say(new Negotiate(2, 0x09, 0), new Connect("c", 'U', 0, ""));
        mta.mail("<joe@client.example>");
        mta.rcpt("<prvs=0123456789=alice@example.org>");
        assertThat(mta.content("x")).containsExactly(new MilterAnswer.AddHeader("X-A", "1"), Simple.CONTINUE);
        assertThat(events).contains("left out CHANGE_SENDER", "left out CHANGE_HEADERS", "left out ADD_RECIPIENTS");
        assertThat(messages.get(0).allows(MilterAction.CHANGE_SENDER)).isFalse();
    }

    @Test
    void neverChangesRejectedMessage() {
        atEnd = MilterVerdict.TEMPFAIL;
        changes = wanted -> wanted.addHeader("X-A", "1");
        FakeMta mta = mta();
        mta.mail("<joe@client.example>");
        mta.rcpt("<alice@example.org>");
        assertThat(mta.content("x")).containsExactly(Simple.TEMPFAIL);
    }

    @Test
    void neverDecidesAgainOnAcceptedMessage() {
        FakeMta mta = mta();
        mta.mail("<joe@client.example>");
        assertThat(mta.rcpt("<all@example.org>")).containsExactly(Simple.ACCEPT);
        assertThat(mta.rcpt("<bad@example.org>")).containsExactly(Simple.ACCEPT);
        assertThat(mta.content("x")).containsExactly(Simple.ACCEPT);
        assertThat(events).doesNotContain("rcpt <bad@example.org>");
    }

    @Test
    void handlerFailureDefersAndSessionContinues() {
        FakeMta mta = mta();
        mta.mail("<joe@client.example>");
        assertThat(mta.rcpt("<fails@example.org>")).containsExactly(Simple.TEMPFAIL);
        assertThat(mta.rcpt("<alice@example.org>")).isEqualTo(CONTINUE);
        assertThat(mta.content("x", new Header("Subject", " fails"))).containsExactly(Simple.TEMPFAIL);
        assertThat(events).contains("failed of the test");
        mta.mail("<joe@client.example>");
        mta.rcpt("<alice@example.org>");
        assertThat(mta.content("x")).isEqualTo(CONTINUE);
    }

    @Test
    void unansweredCommandsAreNotAnswered() {
        FakeMta mta = mta();
        mta.mail("<joe@client.example>");
        mta.rcpt("<alice@example.org>");
        assertThat(mta.say(new Data())).isEmpty();
        assertThat(mta.say(new Header("Subject", " x"))).isEmpty();
        assertThat(mta.say(new EndOfHeaders())).isEmpty();
        assertThat(mta.say(new Unknown("FOO"))).isEmpty();
    }

    @Test
    void answersEachCommandForMtaThatRequiresReplies() {
        FakeMta mta = new FakeMta(handler, observer);
        mta.say(new Negotiate(4, 0x3f, 0));
        assertThat(mta.say(new Connect("c", '4', 25, "192.0.2.1"))).isEqualTo(CONTINUE);
        assertThat(mta.say(new Helo("c"))).isEqualTo(CONTINUE);
        assertThat(mta.mail("<a@b.example>")).isEqualTo(CONTINUE);
        assertThat(mta.rcpt("<alice@example.org>")).isEqualTo(CONTINUE);
        for (MilterCommand command : List.of(
                new Unknown("FOO"),
                new Data(),
                new Header("Subject", "x"),
                new EndOfHeaders(),
                new Body("b".repeat(500)),
                new EndOfMessage(""))) {
            assertThat(mta.say(command)).as(command.toString()).isEqualTo(CONTINUE);
        }
        assertThat(content(messages.get(0))).startsWith("Subject: x\r\n\r\nbbb");
    }

    @Test
    void quitEndsAndANewConnectionBeginsAgain() {
        FakeMta mta = mta();
        mta.macro('C', "{daemon_name}", "MSA");
        mta.mail("<joe@client.example>");
        assertThat(mta.say(new QuitNewConnection())).isEmpty();
        assertThat(mta.say(new Connect("other", '6', 25, "IPv6:2001:db8::1"))).isEqualTo(CONTINUE);
        mta.mail("");
        MilterMessage second = messages.get(1);
        assertThat(second.macro("daemon_name")).isEmpty();
        assertThat(second.client().helo()).isEmpty();
        assertThat(second.client().address())
                .hasValueSatisfying(
                        address -> assertThat(address.getHostAddress()).isEqualTo("2001:db8:0:0:0:0:0:1"));
        assertThat(mta.say(new Quit())).isEmpty();
        assertThat(mta.session().isEnded()).isTrue();
        assertThat(mta.session().isBroken()).isFalse();
    }

    @Test
    void misplacedCommandEndsSession() {
        List<List<MilterCommand>> wrong = List.of(
                List.of(new Mail("<a@b.example>", List.of())),
                List.of(FakeMta.OFFER, FakeMta.OFFER),
                List.of(FakeMta.OFFER, new Mail("<a@b.example>", List.of())),
                List.of(FakeMta.OFFER, new Connect("c", 'U', 0, ""), new Connect("c", 'U', 0, "")),
                List.of(FakeMta.OFFER, new Connect("c", 'U', 0, ""), new Rcpt("<a@b.example>", List.of())),
                List.of(FakeMta.OFFER, new Connect("c", 'U', 0, ""), new EndOfMessage("")),
                List.of(
                        FakeMta.OFFER,
                        new Connect("c", 'U', 0, ""),
                        new Mail("", List.of()),
                        new EndOfHeaders(),
                        new Header("a", "b")));
        for (List<MilterCommand> commands : wrong) {
            FakeMta mta = new FakeMta(handler, observer);
            List<MilterAnswer> last = List.of();
            for (MilterCommand command : commands) {
                last = mta.say(command);
            }
            assertThat(last).as(commands.toString()).isEmpty();
            assertThat(mta.session().isBroken()).as(commands.toString()).isTrue();
        }
    }

    @Property(tries = 2000)
    void answersOrEndsForAnyOrderOfCommands(@ForAll("dialogues") List<MilterCommand> commands) {
        FakeMta mta = new FakeMta(handler, observer);
        for (MilterCommand command : commands) {
            List<MilterAnswer> answers = mta.say(command);
            if (mta.session().isEnded()) {
                assertThat(answers).isEmpty();
            }
        }
        // In order, each once, and none that is still open.
        assertThat(ended).isEqualTo(mta.session().isInMessage() ? messages.subList(0, messages.size() - 1) : messages);
        events.clear();
        messages.clear();
        ended.clear();
    }

    @Provide
    Arbitrary<List<MilterCommand>> dialogues() {
        return Arbitraries.of(
                        FakeMta.OFFER,
                        new Connect("c", '4', 1, "no address"),
                        new Helo("h"),
                        new Mail("<", List.of()),
                        new Mail("<<a>>", List.of("SIZE=1")),
                        new Rcpt("@a:", List.of()),
                        new Rcpt("<bad@example.org>", List.of()),
                        new Rcpt("<fails@example.org>", List.of("NOTIFY=NEVER")),
                        new Data(),
                        new Header("", ""),
                        new Header("Subject", "fails"),
                        new EndOfHeaders(),
                        new Body("\0".repeat(300)),
                        new EndOfMessage("x"),
                        new Unknown(""),
                        new Abort(),
                        new QuitNewConnection(),
                        new Quit())
                .list()
                .ofMaxSize(20)
                .map(list -> {
                    List<MilterCommand> begun = new ArrayList<>(
                            List.of(FakeMta.OFFER, new Connect("c", 'L', 0, "/x"), new Mail("", List.of())));
                    begun.addAll(list);
                    return begun.subList(list.size() % 4, begun.size());
                });
    }
}
