package org.senderauth.callout.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The form of a reply's text that the rules match. */
class ReplyTextTest {

    private static ReplyText text(String reply) {
        return ReplyText.of(ServerReply.of(List.of(reply)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "550 User UNKNOWN | user unknown",
                "550 5.1.1 user (#5.1.1) unknown | user unknown",
                "550 <Bob@example.org>: unknown | @ unknown",
                "550 bob@[192.0.2.1] unknown | @ unknown",
                "550 client 192.0.2.1 or 2001:db8::1 | client % or %",
                "550 at 1.2.3.4.5 | at 1 . 2 . 3 . 4 . 5",
                "550 mx.example.org said no | ~ said no",
                "550 see https://example.org/a?b=c. | see ~",
                "550 see www.example.com/x | see ~",
                "550 listed at zen.spamhaus.org | listed at ~ blocklistname",
                "550 see http://example.org/rbl | see ~ blocklistname",
                "550 not found.No such user | not found . no such user",
                "550 not found.we moved | not found . we moved",
                "550 unknown; stop! | unknown . stop .",
                "550 <>: sender | nullsender sender",
                "550 doesn't | doesnt",
                "550 l'utente dell'azienda n'existe | l utente dell azienda nexiste",
                "550 Empfänger, größe, łódź | empfanger grosse lodz",
                "550 ΑΓΝΩΣΤΟΣ ΧΡΗΣΤΗΣ | αγνωστοσ χρηστησ",
                "550 άγνωστος | αγνωστοσ",
                "550 e\u0301le\u0323\u0301ve | eleve",
                "550 a_b.example.org no | ~ no",
                "550 <bob@example.org>: Recipient address rejected: no | rcptrejected no",
                "550 Recipient addresses rejected : no | rcptrejected no",
                "550 no ip=192.0.2.1 helo=<mx.example.org> end | no end",
                "550 no [tok3n IP: 192.0.2.1] | no",
                "550 您的IP被 | 您的 ip 被",
                "550 不存在。拒绝 | 不存在 . 拒绝",
                "550-  a   b | a b",
            })
    void isIndependentOfNamesCaseAndAccents(String reply, String words) {
        assertThat(text(reply).words()).isEqualTo(words);
    }

    @Test
    void keepsEnhancedCodesOfOwnClass() {
        ReplyText text = text("550 5.1.1 4.2.2 2.1.5 no");
        assertThat(text.codes()).containsExactly(new EnhancedStatusCode(5, 1, 1));
        assertThat(text("450 4.2.2 5.1.1 no").codes()).containsExactly(new EnhancedStatusCode(4, 2, 2));
    }

    @ParameterizedTest
    @CsvSource({
        "550 4.1.1 no, true",
        "550 5.1.1 no, false",
        "450 5.1.1 no, false",
        "550 2.1.5 no, false",
        "550 no, false"
    })
    void marksPermanentReplyWithTemporaryCode(String reply, boolean contradicted) {
        assertThat(text(reply).contradicted()).isEqualTo(contradicted);
    }

    @ParameterizedTest
    @CsvSource({"550 from 192.0.2.1, true", "550 192.0.2.1 no, true", "550 from mx.example.org, false", "550, false"})
    void findsIpAddress(String reply, boolean found) {
        assertThat(SearchedReply.of(ServerReply.of(List.of(reply)), ReplyStage.RCPT)
                        .hasIpAddress())
                .isEqualTo(found);
    }

    @Test
    void rejectsMoreThanAnyRealReplyHas() {
        String codes = "5.1.1 5.1.2 5.1.3 5.1.4 5.1.5 5.1.6 5.1.7 4.1.8";
        assertThat(text("550 " + codes + " 5.1.1").codes()).hasSize(7);
        tooLong(codes + " 2.1.9");
        // One character that becomes eighteen, an empty pair of brackets, full stops.
        assertThat(read("\uFDFA".repeat(56)).words()).hasSize(1008 - 56 * 0);
        tooLong("\uFDFA".repeat(57));
        tooLong("<>".repeat(86));
        tooLong("a.a.".repeat(200));
        assertThat(read("a".repeat(ReplyText.MAX_LENGTH)).words()).hasSize(ReplyText.MAX_LENGTH);
        tooLong("a".repeat(ReplyText.MAX_LENGTH + 1));
    }

    private static ReplyText read(String text) {
        return ReplyText.of(new ServerReply(550, List.of(), text, false, false));
    }

    private static void tooLong(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(ReplyTooLongException.class);
    }
}
