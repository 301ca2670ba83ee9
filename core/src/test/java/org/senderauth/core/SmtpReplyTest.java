package org.senderauth.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmtpReplyTest {

    @Test
    void replyIsOneLineOfSmtp() {
        assertThat(new SmtpReply(550, "5.7.1", "no")).hasToString("550 5.7.1 no");
    }

    @Test
    void permanentIs5yzOnly() {
        assertThat(new SmtpReply(550, "5.7.1", "").isPermanent()).isTrue();
        assertThat(new SmtpReply(500, "5.0.0", "").isPermanent()).isTrue();
        assertThat(new SmtpReply(451, "4.7.1", "").isPermanent()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "250, 2.1.5",
        "399, 3.0.0",
        "600, 6.0.0",
        "550, 4.7.1",
        "451, 5.7.1",
        "550, 5.7",
        "550, 5.7.1234",
        "550, x"
    })
    void codesMustRefuseAndAgree(int code, String enhancedCode) {
        assertThatThrownBy(() -> new SmtpReply(code, enhancedCode, "no")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SmtpReply.of(code, enhancedCode, "no")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void truncatesAndSanitizesForeignText() {
        SmtpReply reply = SmtpReply.of(550, "5.7.1", "a\r\n250 ok\u00e9\u007f" + "x".repeat(1000));
        assertThat(reply.text()).hasSize(SmtpReply.MAX_TEXT).startsWith("a??250 ok??xxx");
    }

    @Test
    void ourOwnTextMustBeRight() {
        assertThat(new SmtpReply(550, "5.7.1", " ~".repeat(SmtpReply.MAX_TEXT / 2)).text())
                .hasSize(SmtpReply.MAX_TEXT);
        for (String bad : new String[] {"a\n", "\u00e9", "\u007f", "x".repeat(SmtpReply.MAX_TEXT + 1)}) {
            assertThatThrownBy(() -> new SmtpReply(550, "5.7.1", bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
