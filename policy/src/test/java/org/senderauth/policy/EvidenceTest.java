package org.senderauth.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvidenceTest {

    private static List<String> kept(List<String> lines) {
        return StepResult.pass("pass", "").withEvidence(Evidence.text(lines)).evidence();
    }

    @Test
    void keepsLinesAsTheyAre() {
        assertThat(kept(List.of("S: 220 mx.example.org", "", "C: QUIT")))
                .containsExactly("S: 220 mx.example.org", "", "C: QUIT");
        assertThat(kept(List.of())).isEmpty();
    }

    @Test
    void oneLineStaysOneLine() {
        assertThat(kept(List.of("S: 250 ok\r\nforged\u2028line"))).containsExactly("S: 250 ok??forged?line");
    }

    @Test
    void evidenceThatIsTooLongEndsWithTheLastWholeLine() {
        List<String> lines = Collections.nCopies(1000, "0123456789");
        String text = Evidence.text(lines);

        assertThat(text.length()).isBetween(Evidence.MAX_CHARACTERS - 11, Evidence.MAX_CHARACTERS);
        assertThat(text.lines().filter(line -> line.equals("0123456789")).count())
                .isEqualTo(text.lines().count() - 1);
        assertThat(text).endsWith("0123456789\n(cut)\n");
        assertThat(kept(List.of("x".repeat(Evidence.MAX_CHARACTERS)))).containsExactly("(cut)");
    }

    @Test
    void evidenceOfTheMaximumIsNotCut() {
        String line = "x".repeat(Evidence.MAX_CHARACTERS - 1);

        assertThat(kept(List.of(line))).containsExactly(line);
    }
}
