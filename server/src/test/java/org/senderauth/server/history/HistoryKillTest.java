package org.senderauth.server.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class HistoryKillTest {

    private static final int PRINTED = 300;

    @TempDir
    Path folder;

    @Test
    void killLosesAtMostTheLastSecond() throws IOException, InterruptedException {
        List<String> problems = new ArrayList<>();
        List<String> printed = new ArrayList<>();
        for (int kill = 1; kill <= 2; kill++) {
            printed.addAll(untilKilled());
        }
        try (HistoryFiles files = HistoryFiles.open(
                folder.resolve("history"),
                new HistoryFiles.Limits(Duration.ofDays(1), 16 << 20),
                InstantSource.system(),
                problems::add)) {
            assertThat(Records.ids(files.source(), 0)).containsAll(printed);
            assertThat(problems).isEmpty();
        }
    }

    private List<String> untilKilled() throws IOException, InterruptedException {
        String classes = String.join(
                File.pathSeparator,
                Path.of("target", "classes").toAbsolutePath().toString(),
                Path.of("target", "test-classes").toAbsolutePath().toString(),
                System.getProperty("jdk.module.path", ""),
                System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        classes,
                        KilledWriter.class.getName(),
                        folder.resolve("history").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> ids = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            while (ids.size() < PRINTED) {
                ids.add(lines.readLine());
            }
            // SIGKILL: no shutdown hook runs.
            process.destroyForcibly().waitFor();
        }
        return ids;
    }
}
