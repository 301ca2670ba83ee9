package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReportCommandTest {

    private static final String WOULD = " reply=- by=spf would=reject would-reply=\"550 5.7.23 SPF \\\"x\\\"\"";

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private static String line(String time, String action, String decided, String client, String from) {
        return "decision action=" + action + " id=bcdfghjkmnp time=" + time + decided + " client=" + client
                + " helo=\"h\" from=\"<" + from + ">\" to=\"<alice@example.org>\" steps=spf:fail ms=1 reason=\"x\"\n";
    }

    private int report(byte[] log, String... arguments) throws Exception {
        Path file = folder.resolve("log");
        Files.write(file, log);
        CommandLine command = SenderauthCommand.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        String[] all = new String[arguments.length + 3];
        all[0] = "report";
        all[1] = "--log";
        all[2] = file.toString();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return command.execute(all);
    }

    private int report(String log, String... arguments) throws Exception {
        return report(log.getBytes(StandardCharsets.UTF_8), arguments);
    }

    private static String log() {
        return "ready\n"
                + line("2026-11-27T23:59:59.999Z", "continue", WOULD, "198.51.100.1", "bob@example.net")
                + "Nov 28 00:00:00 mx senderauth[7]: "
                + line("2026-11-28T00:00:00Z", "continue", WOULD, "198.51.100.2", "bob@example.net")
                + line("2026-11-28T00:00:01Z", "continue", WOULD, "2001:db8:1:2::3", "eve@example.net")
                + line("2026-11-28T00:00:02Z", "reject", " reply=\"550 5.7.1 no\" by=batv", "192.0.2.1", "")
                + line("2026-11-28T00:00:03Z", "continue", " reply=-", "192.0.2.1", "carol@example.net");
    }

    @Test
    void countsWithheldRepliesPerDayAndStep() throws Exception {
        assertThat(report(log())).isEqualTo(ExitStatus.PASS);
        assertThat(out.toString())
                .contains(
                        "2026-11-27  decisions 1, exempt 0\n  spf: would reject 1, would defer 0, rejected 0, deferred 0")
                .contains("2026-11-28  decisions 4, exempt 0\n  spf: would reject 2,")
                .contains("  batv: would reject 0, would defer 0, rejected 1, deferred 0")
                .contains("        2  <bob@example.net>\n        1  <eve@example.net>\n")
                .contains("        2  198.51.100.0/24\n        1  2001:db8:1:0:0:0:0:0/48\n")
                .doesNotContain("bad lines", "carol", "192.0.2");
    }

    @Test
    void writesJsonLines() throws Exception {
        report(log(), "--json", "--top", "1");
        assertThat(out.toString().lines())
                .containsExactly(
                        "{\"day\":\"2026-11-27\",\"decisions\":1,\"exempt\":0,\"steps\":{\"spf\":{\"wouldReject\":1,"
                                + "\"wouldDefer\":0,\"rejected\":0,\"deferred\":0}}}",
                        "{\"day\":\"2026-11-28\",\"decisions\":4,\"exempt\":0,\"steps\":{\"spf\":{\"wouldReject\":2,"
                                + "\"wouldDefer\":0,\"rejected\":0,\"deferred\":0},\"batv\":{\"wouldReject\":0,"
                                + "\"wouldDefer\":0,\"rejected\":1,\"deferred\":0}}}",
                        "{\"senders\":[{\"sender\":\"<bob@example.net>\",\"count\":2}],\"networks\":[{\"network\":"
                                + "\"198.51.100.0/24\",\"count\":2}],\"exact\":true,\"badLines\":0}");
    }

    @Test
    void countsInvalidLinesAndIgnoresOtherEvents() throws Exception {
        String good = line("2026-11-28T00:00:01Z", "continue", WOULD, "192.0.2.1", "a@example.net");
        report("decision action=reject\n"
                + "decision \n"
                + good.replace("2026-11-28T", "yesterday")
                + good.replace("by=spf", "by=magic")
                + good.replace("reason=\"x\"", "reason=\"x")
                + good.replace("\n", " time=2026-11-28T00:00:01Z\n")
                + "callout addr=\"<decision action=reject>\" mx=-\n"
                + "ready\n");
        assertThat(out.toString()).isEqualTo("no decisions\nbad lines: 6\n");
    }

    @Test
    void surroundingBytesNeverCauseAnException() throws Exception {
        Random random = new Random(1);
        byte[] good = line("2026-11-28T00:00:01Z", "continue", WOULD, "192.0.2.1", "a@example.net")
                .getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[good.length * 2000];
        for (int i = 0; i < 2000; i++) {
            byte[] changed = good.clone();
            for (int j = 0; j < 2; j++) {
                changed[random.nextInt(good.length)] = (byte) random.nextInt(256);
            }
            System.arraycopy(changed, 0, all, i * good.length, good.length);
        }
        assertThat(report(all)).isEqualTo(ExitStatus.PASS);
        assertThat(out.toString()).contains("2026-11-28  decisions ", "bad lines: ");
    }

    @Test
    void printsNoTerminalEscapes() throws Exception {
        String evil = "\u001b[31m\u202ered@example.net";
        report(line("2026-11-28T00:00:01Z", "continue", WOULD, "192.0.2.1", evil));
        report(line("2026-11-28T00:00:01Z", "continue", WOULD, "192.0.2.1", evil), "--json");
        assertThat(out.toString()).contains("?[31m?red@example.net").doesNotContain("\u001b", "\u202e");
    }

    @Test
    void keepsFrequentSendersWhenThereAreTooMany() {
        TopCounter counter = new TopCounter();
        for (int i = 0; i < TopCounter.MAX_TEXTS * 3; i++) {
            counter.add("rare" + i);
            counter.add("frequent");
        }
        assertThat(counter.isExact()).isFalse();
        assertThat(counter.top(1)).containsExactly(new TopCounter.Count("frequent", TopCounter.MAX_TEXTS * 3));
        assertThat(counter.top(Integer.MAX_VALUE)).hasSizeLessThanOrEqualTo(TopCounter.MAX_TEXTS);
    }

    @Test
    void reportsMissingFileAndBadOption() throws Exception {
        CommandLine command = SenderauthCommand.commandLine();
        command.setErr(new PrintWriter(err, true));
        assertThat(command.execute("report", "--log", folder.resolve("absent").toString()))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(report("", "--top", "-1")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("absent", "--top must be between 0 and 1000, was -1");
    }
}
