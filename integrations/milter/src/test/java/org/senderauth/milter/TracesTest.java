package org.senderauth.milter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.senderauth.core.SmtpReply;
import org.senderauth.milter.MilterAnswer.AddRecipient;
import org.senderauth.milter.MilterAnswer.AddRecipientWithArguments;
import org.senderauth.milter.MilterAnswer.ChangeHeader;
import org.senderauth.milter.MilterAnswer.ChangeSender;
import org.senderauth.milter.MilterAnswer.DeleteRecipient;
import org.senderauth.milter.MilterAnswer.InsertHeader;
import org.senderauth.milter.MilterAnswer.MacroRequest;
import org.senderauth.milter.MilterAnswer.Negotiated;
import org.senderauth.milter.MilterAnswer.Quarantine;
import org.senderauth.milter.MilterAnswer.Reply;
import org.senderauth.milter.MilterAnswer.Simple;
import org.senderauth.milter.MilterCommand.Body;
import org.senderauth.milter.MilterCommand.Connect;
import org.senderauth.milter.MilterCommand.Data;
import org.senderauth.milter.MilterCommand.EndOfMessage;
import org.senderauth.milter.MilterCommand.Header;
import org.senderauth.milter.MilterCommand.Helo;
import org.senderauth.milter.MilterCommand.Macro;
import org.senderauth.milter.MilterCommand.Macros;
import org.senderauth.milter.MilterCommand.Mail;
import org.senderauth.milter.MilterCommand.Negotiate;
import org.senderauth.milter.MilterCommand.Rcpt;

/** Packets recorded from Postfix 3.7 and Sendmail 8.17, and answers that both obeyed. */
class TracesTest {

    static Stream<Arguments> commands() {
        return Stream.of(
                Arguments.of("0000000d4f00000006000001ff001fffff", new Negotiate(6, 0x1ff, 0x1fffff)),
                Arguments.of(
                        "0000001a43" + "5b3132372e302e302e315d00" + "349488" + "3132372e302e302e3100",
                        new Connect("[127.0.0.1]", '4', 38024, "127.0.0.1")),
                Arguments.of("000000024448", new Macros('H', List.of())),
                Arguments.of("0000001448636c69656e742e6578616d706c652e636f6d00", new Helo("client.example.com")),
                Arguments.of(
                        "000000154d3c616c696365406578616d706c652e6f72673e00",
                        new Mail("<alice@example.org>", List.of())),
                Arguments.of(
                        "00000019523c646573744073696e6b2e6578616d706c652e6e65743e00",
                        new Rcpt("<dest@sink.example.net>", List.of())),
                Arguments.of(
                        "00000010445469003632383642323641334142" + "00",
                        new Macros('T', List.of(new Macro("i", "6286B26A3AB")))),
                Arguments.of("0000000154", new Data()),
                Arguments.of(
                        "0000001f4c46726f6d004a6f65203c6a6f6540636c69656e742e6578616d706c653e00",
                        new Header("From", "Joe <joe@client.example>")),
                Arguments.of("000000014e", new MilterCommand.EndOfHeaders()),
                Arguments.of("000000084268656c6c6f0d0a", new Body("hello\r\n")),
                Arguments.of("0000000145", new EndOfMessage("")),
                Arguments.of("0000000141", new MilterCommand.Abort()),
                Arguments.of("0000000151", new MilterCommand.Quit()),
                Arguments.of("000000014b", new MilterCommand.QuitNewConnection()),
                Arguments.of(
                        "00000018436c6f63616c686f73740034ad103132372e302e302e3100",
                        new Connect("localhost", '4', 0xad10, "127.0.0.1")),
                Arguments.of(
                        "0000001e44457b6d73675f69647d003c3140636c69656e742e6578616d706c653e00",
                        new Macros('E', List.of(new Macro("{msg_id}", "<1@client.example>")))),
                Arguments.of("000000024d00", new Mail("", List.of())));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void commandsAreThoseOfTheTraces(String hex, MilterCommand command) {
        byte[] packet = HexFormat.of().parseHex(hex);
        assertThat(CommandCodec.parse(Arrays.copyOfRange(packet, 4, packet.length)))
                .isEqualTo(command);
        assertThat(CommandCodec.encode(command)).isEqualTo(packet);
    }

    static Stream<Arguments> answers() {
        SmtpReply first = new SmtpReply(550, "5.7.1", "l1");
        return Stream.of(
                Arguments.of("0000000d4f00000006000001ff00000000", new Negotiated(6, 0x1ff, 0, List.of())),
                Arguments.of("0000000163", Simple.CONTINUE),
                Arguments.of("0000000172", Simple.REJECT),
                Arguments.of("0000000174", Simple.TEMPFAIL),
                Arguments.of("0000000170", Simple.PROGRESS),
                Arguments.of("0000000173", Simple.SKIP),
                Arguments.of(
                        "00000025653c707276733d303839366563613539633d616c696365406578616d706c652e6f72673e00",
                        new ChangeSender("<prvs=0896eca59c=alice@example.org>", "")),
                Arguments.of(
                        "000000152d3c616c696365406578616d706c652e6f72673e00",
                        new DeleteRecipient("<alice@example.org>")),
                Arguments.of("000000132b3c626f62406578616d706c652e6f72673e00", new AddRecipient("<bob@example.org>")),
                Arguments.of(
                        "00000020323c626f62406578616d706c652e6f72673e004e4f544946593d4e4556455200",
                        new AddRecipientWithArguments("<bob@example.org>", "NOTIFY=NEVER")),
                Arguments.of("0000000d6900000001582d41006f6e6500", new InsertHeader(1, "X-A", "one")),
                Arguments.of("0000000e6d000000015375626a6563740000", new ChangeHeader(1, "Subject", "")),
                Arguments.of("000000117168656c6420666f722072657669657700", new Quarantine("held for review")),
                Arguments.of(
                        "0000001c793535302d352e372e31206c310d0a35353020352e372e31206c3200",
                        new Reply(List.of(first, new SmtpReply(550, "5.7.1", "l2")))),
                Arguments.of(
                        "000000304f00000006000001ff000000000000000269207b617574685f61757468656e7d00"
                                + "0000000569207b6d73675f69647d00",
                        new Negotiated(
                                6,
                                0x1ff,
                                0,
                                List.of(new MacroRequest(2, "i {auth_authen}"), new MacroRequest(5, "i {msg_id}")))));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void answersAreThoseOfTheTraces(String hex, MilterAnswer answer) {
        byte[] packet = HexFormat.of().parseHex(hex);
        assertThat(HexFormat.of().formatHex(AnswerCodec.encode(answer))).isEqualTo(hex);
        assertThat(AnswerCodec.parse(Arrays.copyOfRange(packet, 4, packet.length)))
                .isEqualTo(answer);
    }
}
