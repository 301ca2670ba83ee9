package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoCommandTest {

    @Test
    void showsEachDefenseAtWork() {
        List<String> lines = demo();
        assertThat(section(lines, "SPF: mail for example.org")).anyMatch(line -> line.startsWith("pass "));
        assertThat(section(lines, "SPF: the same sender, forged"))
                .anyMatch(line -> line.startsWith("fail "))
                .anyMatch(line -> line.startsWith("SMTP reply: 550 5.7.23 "));
        assertThat(section(lines, "BATV:"))
                .filteredOn(line -> line.startsWith("bounce to"))
                .hasSize(3)
                .filteredOn(line -> line.endsWith(": valid"))
                .hasSize(1);
        assertThat(section(lines, "SES: a signed sender"))
                .anyMatch(line -> line.contains("127.0.0.2"))
                .anyMatch(line -> line.startsWith("pass "));
        assertThat(section(lines, "SES: the same sender")).anyMatch(line -> line.startsWith("fail "));
        assertThat(section(lines, "SRS: forwarded mail")).anyMatch(line -> line.startsWith("fail "));
        assertThat(section(lines, "SRS: the same"))
                .anyMatch(line -> line.startsWith("pass "))
                .anyMatch(line -> line.endsWith("is delivered to alice@example.org"))
                .anyMatch(line -> line.strip().startsWith("550 5.1.1 Invalid or expired SRS address"));
        assertThat(section(lines, "CSV:"))
                .anyMatch(line -> line.contains(": pass"))
                .anyMatch(line -> line.contains("fail_mismatch"));
        assertThat(section(lines, "Callout: does"))
                .anyMatch(line -> line.startsWith("alice@users.example.net: deliverable"))
                .anyMatch(line -> line.startsWith("forged@users.example.net: undeliverable"));
    }

    @Test
    void floodCostsItsVictimTwoRecipients() {
        assertThat(section(demo(), "Callout: a flood")).anyMatch(line -> line.endsWith("server received: 2"));
    }

    @Test
    void policyAnswersLikeTheService() {
        assertThat(section(demo(), "Policy:"))
                .anyMatch(line -> line.startsWith("198.51.100.7 from <alice@example.org>: action=PREPEND "))
                .anyMatch(line -> line.startsWith("203.0.113.9 from <alice@example.org>: action=550 5.7.23 "))
                .anyMatch(line -> line.startsWith("203.0.113.9 from <>: action=550 5.7.1 "));
    }

    private static List<String> demo() {
        StringWriter out = new StringWriter();
        int status = SenderauthCommand.commandLine("demo")
                .setOut(new PrintWriter(out, true))
                .execute("demo");
        assertThat(status).isZero();
        return out.toString().lines().toList();
    }

    /** The lines after the heading that starts with this text, up to the next heading. */
    private static List<String> section(List<String> lines, String heading) {
        List<String> after = lines.stream()
                .dropWhile(line -> !line.startsWith("=== " + heading))
                .skip(1)
                .toList();
        assertThat(after).as(heading).isNotEmpty();
        return after.stream().takeWhile(line -> !line.startsWith("=== ")).toList();
    }
}
