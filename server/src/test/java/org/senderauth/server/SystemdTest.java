package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.peers.PeerProcess;
import org.senderauth.testkit.Await;

/** What the service reports to systemd, and the unit. */
@Timeout(120)
class SystemdTest {

    private static final Path UNIT = Path.of("..", "packaging", "files", "senderauth.service");
    private static final double MAX_EXPOSURE = 2.0;
    private static final String ZONE = "example.net. 300 IN TXT \"v=spf1 -all\"\n";

    @TempDir
    Path folder;

    private Path status;
    private Path sent;
    private Path log;
    private Process process;

    @BeforeEach
    void writeFiles() throws IOException {
        status = folder.resolve("status");
        sent = folder.resolve("sent");
        log = folder.resolve("log");
        Files.writeString(folder.resolve("zone"), ZONE);
        Path notify = Files.writeString(folder.resolve("systemd-notify"), "#!/bin/sh\necho \"$*\" >>" + sent + "\n");
        Files.setPosixFilePermissions(notify, PosixFilePermissions.fromString("rwx------"));
        write("monitor");
    }

    private void write(String mode) throws IOException {
        Files.writeString(folder.resolve("senderauth.yaml"), """
                hostname: mx.example.org
                dns: {zones: [zone]}
                listen: {policy: inet:127.0.0.1:0}
                steps: {spf: {mode: %s}}
                """.formatted(mode));
    }

    @AfterEach
    void end() throws Exception {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    private void start(String... environment) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+ExitOnOutOfMemoryError",
                "-Xmx64m",
                "-cp"));
        command.add(String.join(
                File.pathSeparator,
                Path.of("target", "classes").toAbsolutePath().toString(),
                Path.of("target", "test-classes").toAbsolutePath().toString(),
                System.getProperty("jdk.module.path", ""),
                System.getProperty("java.class.path")));
        command.addAll(List.of(
                ServeMain.class.getName(), folder.resolve("senderauth.yaml").toString(), status.toString()));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().remove("NOTIFY_SOCKET");
        builder.environment().remove("JOURNAL_STREAM");
        builder.environment().merge("PATH", folder.toString(), (path, own) -> own + File.pathSeparator + path);
        for (String variable : environment) {
            builder.environment().put(variable, "/run/example");
        }
        process = builder.start();
    }

    private void reload() throws Exception {
        assertThat(new ProcessBuilder("kill", "-HUP", Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private void awaitText(Path file, String text) {
        Await.until(text, () -> {
            assertThat(process.isAlive()).as(() -> read(log)).isTrue();
            return read(file).contains(text);
        });
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    void reportsReadyOnlyWhenItServes() throws Exception {
        start("NOTIFY_SOCKET");
        awaitText(sent, "--ready --status=serving 1 listener\n");
        awaitText(log, "\nready\n");
        assertThat(read(log)).contains("serving policy on inet:127.0.0.1:");
    }

    @Test
    void sendsNothingWithoutSystemd() throws Exception {
        start();
        awaitText(log, "ready\n");
        assertThat(sent).doesNotExist();
    }

    @Test
    void reloadStatusIsThatOfTheLastReload() throws Exception {
        start("NOTIFY_SOCKET");
        awaitText(sent, "--ready");
        assertThat(read(status)).isEqualTo("0 success\n");
        write("nonsense");
        reload();
        awaitText(status, "1 failure\n");
        ReloadStatus.Verdict verdict = ReloadStatus.read(status);
        assertThat(verdict.good()).isFalse();
        assertThat(verdict.problems()).singleElement().asString().contains("senderauth.yaml:4: ");
        awaitText(sent, "--status=serving 1 listener; the last reload was rejected");
        write("enforce");
        reload();
        awaitText(status, "2 success\n");
    }

    /** The zone file is a pipe, so the start waits in the middle until this test writes to it. */
    @Test
    void sighupDuringTheStartReloadsAfterIt() throws Exception {
        Path zone = folder.resolve("zone");
        Files.delete(zone);
        assertThat(new ProcessBuilder("mkfifo", zone.toString()).start().waitFor())
                .isZero();
        start();
        try (OutputStream pipe = Files.newOutputStream(zone)) {
            reload();
            Path file = Files.writeString(folder.resolve("zone.file"), ZONE);
            Files.move(file, zone, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            pipe.write(ZONE.getBytes(StandardCharsets.US_ASCII));
        }
        awaitText(status, "1 success\n");
        awaitText(log, "reload: configuration applied\n");
        assertThat(read(log)).contains("ready\n");
    }

    @Test
    void linesHavePrioritiesInTheJournalOnly() throws Exception {
        start("JOURNAL_STREAM");
        awaitText(log, "<6>ready\n");
    }

    @ParameterizedTest
    @CsvSource({
        "fatal: x, <2>",
        "failed step=spf, <3>",
        "'reload: invalid configuration, keeping the current one', <4>",
        "log dropped=1 total=1, <4>",
        "decision action=reject, <6>"
    })
    void priorityFollowsTheEvent(String line, String priority) {
        assertThat(JournalPriority.of(line)).isEqualTo(priority);
    }

    @Test
    void guideShowsTheUnit() throws Exception {
        assertThat(Files.readString(Path.of("..", "docs", "operations.md"))).contains(Files.readString(UNIT));
    }

    @Test
    void unitIsHardened() throws Exception {
        Path analyze = PeerProcess.program("systemd-analyze");
        Process checked = new ProcessBuilder(
                        analyze.toString(),
                        "security",
                        "--offline=true",
                        "--no-pager",
                        UNIT.toAbsolutePath().toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(checked.waitFor(60, TimeUnit.SECONDS)).isTrue();
        Matcher level = Pattern.compile("Overall exposure level for senderauth.service: ([0-9.]+)")
                .matcher(Files.readString(log));
        assertThat(level.find()).as(Files.readString(log)).isTrue();
        assertThat(Double.parseDouble(level.group(1))).isLessThanOrEqualTo(MAX_EXPOSURE);
    }
}
