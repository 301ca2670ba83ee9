package org.senderauth.milter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.core.SmtpReply;
import org.senderauth.milter.MilterAnswer.AddHeader;
import org.senderauth.milter.MilterAnswer.AddRecipient;
import org.senderauth.milter.MilterAnswer.AddRecipientWithArguments;
import org.senderauth.milter.MilterAnswer.ChangeHeader;
import org.senderauth.milter.MilterAnswer.ChangeSender;
import org.senderauth.milter.MilterAnswer.DeleteRecipient;
import org.senderauth.milter.MilterAnswer.InsertHeader;
import org.senderauth.milter.MilterAnswer.MacroRequest;
import org.senderauth.milter.MilterAnswer.Negotiated;
import org.senderauth.milter.MilterAnswer.Quarantine;
import org.senderauth.milter.MilterAnswer.ReplaceBody;
import org.senderauth.milter.MilterAnswer.Reply;
import org.senderauth.milter.MilterCommand.Body;
import org.senderauth.milter.MilterCommand.Connect;
import org.senderauth.milter.MilterCommand.EndOfMessage;
import org.senderauth.milter.MilterCommand.Header;
import org.senderauth.milter.MilterCommand.Helo;
import org.senderauth.milter.MilterCommand.Macro;
import org.senderauth.milter.MilterCommand.Macros;
import org.senderauth.milter.MilterCommand.Mail;
import org.senderauth.milter.MilterCommand.Negotiate;
import org.senderauth.milter.MilterCommand.Rcpt;
import org.senderauth.milter.MilterCommand.Unknown;

/** What is written is read again, and any octets are read as something. */
class CodecPropertiesTest {

    private static Arbitrary<String> text() {
        return Arbitraries.strings().withCharRange('\u0001', '\u00ff').ofMaxLength(80);
    }

    private static Arbitrary<List<String>> texts() {
        return text().list().ofMaxSize(5);
    }

    @Provide
    Arbitrary<MilterCommand> commands() {
        Arbitrary<String> octets =
                Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(200);
        Arbitrary<Integer> numbers = Arbitraries.integers();
        return Arbitraries.oneOf(
                Combinators.combine(numbers, numbers, numbers).as(Negotiate::new),
                Combinators.combine(
                                Arbitraries.chars().range('A', 'Z'),
                                Combinators.combine(text(), text())
                                        .as(Macro::new)
                                        .list()
                                        .ofMaxSize(5))
                        .as(Macros::new),
                Combinators.combine(
                                text(),
                                Arbitraries.of('4', '6', 'L'),
                                Arbitraries.integers().between(0, 65535),
                                text())
                        .as(Connect::new),
                text().map(host -> new Connect(host, 'U', 0, "")),
                text().map(Helo::new),
                Combinators.combine(text(), texts()).as(Mail::new),
                Combinators.combine(text(), texts()).as(Rcpt::new),
                Combinators.combine(text(), text()).as(Header::new),
                octets.map(Body::new),
                octets.map(EndOfMessage::new),
                text().map(Unknown::new));
    }

    @Property
    void commandsAreReadAsTheyWereWritten(@ForAll("commands") MilterCommand command) {
        assertThat(CommandCodec.parse(payload(CommandCodec.encode(command)))).isEqualTo(command);
    }

    @Provide
    Arbitrary<MilterAnswer> answers() {
        Arbitrary<Integer> numbers = Arbitraries.integers();
        Arbitrary<Integer> index = Arbitraries.integers().between(1, Integer.MAX_VALUE);
        Arbitrary<String> name =
                Arbitraries.strings().withCharRange(';', '~').ofMinLength(1).ofMaxLength(30);
        Arbitrary<String> value = Arbitraries.strings()
                .withCharRange(' ', '\u00ff')
                .ofMaxLength(60)
                .list()
                .ofMaxSize(3)
                .map(lines -> String.join("\n\t", lines));
        Arbitrary<SmtpReply> line = Arbitraries.strings()
                .withCharRange(' ', '~')
                .ofMinLength(1)
                .ofMaxLength(100)
                .map(text -> new SmtpReply(451, "4.7.1", text));
        return Arbitraries.oneOf(
                Combinators.combine(
                                numbers,
                                numbers,
                                numbers,
                                Combinators.combine(numbers, text())
                                        .as(MacroRequest::new)
                                        .list()
                                        .ofMaxSize(7))
                        .as(Negotiated::new),
                line.list().ofMinSize(1).ofMaxSize(Reply.MAX_LINES).map(Reply::new),
                Combinators.combine(name, value).as(AddHeader::new),
                Combinators.combine(index, name, value).as(InsertHeader::new),
                Combinators.combine(index, name, value).as(ChangeHeader::new),
                Arbitraries.strings().withCharRange('\0', '\u00ff').map(ReplaceBody::new),
                text().map(AddRecipient::new),
                Combinators.combine(text(), text().filter(arguments -> !arguments.isEmpty()))
                        .as(AddRecipientWithArguments::new),
                text().map(DeleteRecipient::new),
                Combinators.combine(text(), text()).as(ChangeSender::new),
                text().map(Quarantine::new));
    }

    @Property
    void answersAreReadAsTheyWereWritten(@ForAll("answers") MilterAnswer answer) {
        assertThat(AnswerCodec.parse(payload(AnswerCodec.encode(answer)))).isEqualTo(answer);
    }

    @Property(tries = 3000)
    void anyOctetsAreSomeCommand(@ForAll("packets") byte[] packet) {
        MilterCommand command = CommandCodec.parse(packet);
        if (!(command instanceof MilterCommand.Malformed)) {
            assertThat(CommandCodec.parse(payload(CommandCodec.encode(command))))
                    .isEqualTo(command);
        }
        assertThat(AnswerCodec.parse(packet)).isNotNull();
    }

    @Provide
    Arbitrary<byte[]> packets() {
        Arbitrary<String> code = Arbitraries.of("ODCHMRTLNBEUAQKO".split("")).injectDuplicates(0.2);
        Arbitrary<String> answerCode = Arbitraries.of("Oyhimb+2-eqcadrtsp".split(""));
        Arbitrary<String> rest = Arbitraries.of("\0", "a", "4", "U", "<a@b>", "\u00ff\u00ff", "550", "-", " ", "5.7.1")
                .list()
                .ofMaxSize(12)
                .map(pieces -> String.join("", pieces));
        Arbitrary<byte[]> near = Combinators.combine(Arbitraries.oneOf(code, answerCode), rest)
                .as((first, more) -> (first + more).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        return Arbitraries.oneOf(near, Arbitraries.bytes().array(byte[].class).ofMaxSize(300));
    }

    private static byte[] payload(byte[] packet) {
        return Arrays.copyOfRange(packet, 4, packet.length);
    }

    @Test
    void percentIsDoubledOnTheWireOnly() {
        Reply reply = Reply.of(new SmtpReply(550, "5.7.1", "100% sure"));
        byte[] packet = AnswerCodec.encode(reply);
        assertThat(new String(packet, 4, packet.length - 4, java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo("y550 5.7.1 100%% sure\0");
        assertThat(AnswerCodec.parse(payload(packet))).isEqualTo(reply);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX-B: c", "a\nX-B: c", "a\0b", "a\n", "a\r"})
    void rejectsValueThatBeginsAnotherField(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> new AddHeader("X-A", value));
        assertThatIllegalArgumentException().isThrownBy(() -> new InsertHeader(0, "X-A", value));
        assertThatIllegalArgumentException().isThrownBy(() -> new ChangeHeader(1, "X-A", value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "X A", "X:", "X\u00e4", "X\n"})
    void rejectsNameThatBreaksTheHeader(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new AddHeader(name, "v"));
    }

    @Test
    void rejectsReplyWithSeveralCodes() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new Reply(List.of(new SmtpReply(550, "5.7.1", "a"), new SmtpReply(451, "4.7.1", "b"))));
    }
}
