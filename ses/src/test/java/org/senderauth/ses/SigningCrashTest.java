package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that sign side by side and are killed (SIGKILL) in the middle of it: no signature comes twice. */
@Timeout(300)
class SigningCrashTest {

    private static final int CRASHES = 3;
    private static final int LINES_BEFORE_A_CRASH = 200;

    @TempDir
    Path folder;

    private Process start(Path ids, int servers, int server, Path output) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SigningProcess.class.getName(),
                ids.toString(),
                Integer.toString(servers),
                Integer.toString(server));
        return new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(folder.resolve("errors").toFile())
                .start();
    }

    /** Two processes that start and die together, several times; all that they signed. */
    private List<String> signedInSpiteOfCrashes(Path[] ids, int servers) throws Exception {
        List<String> signed = new ArrayList<>();
        for (int crash = 0; crash < CRASHES; crash++) {
            Path[] outputs = {folder.resolve("0." + crash), folder.resolve("1." + crash)};
            Process[] processes = {
                start(ids[0], servers, 0, outputs[0]), start(ids[1], servers, servers - 1, outputs[1])
            };
            try {
                for (int i = 0; i < 2; i++) {
                    awaitLines(processes[i], outputs[i]);
                }
            } finally {
                for (Process process : processes) {
                    process.destroyForcibly();
                    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                }
            }
            for (Path output : outputs) {
                signed.addAll(Files.readAllLines(output, StandardCharsets.US_ASCII));
            }
        }
        return signed;
    }

    private void awaitLines(Process process, Path output) throws Exception {
        while (Files.readAllLines(output, StandardCharsets.US_ASCII).size() < LINES_BEFORE_A_CRASH) {
            // Waits for an end that must not come; the time between two looks at the file.
            assertThat(process.waitFor(20, TimeUnit.MILLISECONDS))
                    .as(Files.readString(folder.resolve("errors")))
                    .isFalse();
        }
    }

    private static void assertAllDifferent(List<String> signed) {
        assertThat(signed)
                .hasSizeGreaterThanOrEqualTo(2 * CRASHES * LINES_BEFORE_A_CRASH)
                .allMatch(line -> line.matches("SES=[A-Z0-9_-]+=alice@example\\.org"))
                .doesNotHaveDuplicates();
    }

    @Test
    void killedProcessesRepeatNoSerialNumber() throws Exception {
        Path ids = folder.resolve("ids");
        assertAllDifferent(signedInSpiteOfCrashes(new Path[] {ids, ids}, 1));
    }

    @Test
    void killedServersRepeatNoSerialNumber() throws Exception {
        Path[] ids = {folder.resolve("first.ids"), folder.resolve("second.ids")};
        assertAllDifferent(signedInSpiteOfCrashes(ids, 2));
    }
}
