package org.senderauth.callout.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.callout.reply.ReplyRule.Weight.DECIDES;

import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.callout.outcome.CalloutReason;

/** The conditions of one row. */
class ReplyRuleTest {

    private static ReplyRule rule(String codes, @Nullable String enhanced, @Nullable String words) {
        return ReplyRule.of(
                "test",
                EnumSet.of(ReplyStage.RCPT, ReplyStage.MAIL),
                codes,
                enhanced,
                words,
                DECIDES,
                CalloutReason.NO_SUCH_MAILBOX,
                "test");
    }

    private static boolean matches(ReplyRule rule, ReplyStage stage, String reply) {
        ServerReply parsed = ServerReply.of(List.of(reply));
        return rule.matches(SearchedReply.of(parsed, stage));
    }

    @Test
    void matchesOwnStagesOnly() {
        ReplyRule rule = rule("5..", null, null);
        assertThat(matches(rule, ReplyStage.RCPT, "550 no")).isTrue();
        assertThat(matches(rule, ReplyStage.MAIL, "550 no")).isTrue();
        assertThat(matches(rule, ReplyStage.BANNER, "550 no")).isFalse();
        assertThat(ReplyRule.rcpt("r", "5..", null, null, DECIDES, CalloutReason.TEMPFAIL, "s")
                        .stages())
                .containsExactly(ReplyStage.RCPT);
    }

    @ParameterizedTest
    @CsvSource({
        "5.., 550, true",
        "55., 551, true",
        "55., 560, false",
        "050, 050, true",
        "50, 050, false",
        "5, 005, false"
    })
    void matchesAllThreeDigits(String codes, String code, boolean expected) {
        assertThat(matches(rule(codes, null, null), ReplyStage.RCPT, code + " no"))
                .isEqualTo(expected);
    }

    @Test
    void matchesWholeEnhancedCode() {
        ReplyRule rule = rule("5..", "5\\.1\\.1", null);
        assertThat(matches(rule, ReplyStage.RCPT, "550 5.1.1 no")).isTrue();
        assertThat(matches(rule, ReplyStage.RCPT, "550 no (5.2.1, 5.1.1)")).isTrue();
        assertThat(matches(rule, ReplyStage.RCPT, "550 5.1.10 no")).isFalse();
        assertThat(matches(rule, ReplyStage.RCPT, "550 no")).isFalse();
    }

    @Test
    void matchesWholeWords() {
        ReplyRule rule = rule("5..", null, "empfänger|a b");
        assertThat(matches(rule, ReplyStage.RCPT, "550 Der Empfänger fehlt")).isTrue();
        assertThat(matches(rule, ReplyStage.RCPT, "550 EMPFANGER")).isTrue();
        assertThat(matches(rule, ReplyStage.RCPT, "550 Empfängerin")).isFalse();
        assertThat(matches(rule, ReplyStage.RCPT, "550 2a b")).isFalse();
        assertThat(matches(rule, ReplyStage.RCPT, "550 a-b")).isTrue();
    }

    @Test
    void matchesPartsOfWordsInScriptsWithoutSpaces() {
        assertThat(matches(rule("5..", null, "用户"), ReplyStage.RCPT, "550 该用户不存在"))
                .isTrue();
        assertThat(matches(rule("5..", null, "^no"), ReplyStage.RCPT, "550 nothing"))
                .isTrue();
        assertThat(matches(rule("5..", null, "^no"), ReplyStage.RCPT, "550 a no"))
                .isFalse();
    }

    @Test
    void restKeepsCapturedWords() {
        ReplyRule rule = rule("5..", null, "user((?: \\S+)*?) (x)?unknown");
        assertThat(rest(rule, "the user from $1 host unknown here")).isEqualTo("the  .  from $1 host .  .  here");
        assertThat(rest(rule, "no match")).isEqualTo("no match");
        assertThat(rest(rule("5..", null, null), "user unknown")).isEqualTo("user unknown");
    }

    private static String rest(ReplyRule rule, String text) {
        return rule.rest(SearchedText.of(text)).toString();
    }
}
