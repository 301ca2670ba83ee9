package org.senderauth.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fuzzes each target, guided by coverage, from its kept corpus: {@code fuzz.runs} inputs, or {@code fuzz.seconds} if
 * that is set. What fails a target is kept below {@code target/fuzz} and named in the message; once mended it belongs to
 * the corpus.
 */
@Execution(ExecutionMode.CONCURRENT)
class JazzerTest {

    private static final int MAX_BYTES = 4 * 1024;

    // Jazzer scans the class path and the JDK twice before it starts, longer than a short run takes: it sees what the
    // targets need, without the tools of tests.
    private static final Pattern TEST_TOOLS =
            Pattern.compile(".*/(?:byte-buddy|archunit|assertj|bcprov|junit|jqwik)[^/]*\\.jar");
    private static final String MODULES =
            "java.base,java.instrument,java.logging,java.management,java.naming,java.net.http,"
                    + "java.sql,java.xml,jdk.attach,jdk.crypto.ec,jdk.httpserver,jdk.management,jdk.net,jdk.unsupported,jdk.zipfs";

    static Iterable<String> targets() {
        return Targets.all().keySet();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void findsNoFailingInput(String target) throws IOException, InterruptedException {
        assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "Jazzer has its native part for few platforms");
        Path folder = Path.of("target", "fuzz", target);
        Path found = Files.createDirectories(folder.resolve("found"));
        Path log = folder.resolve("log");
        int seconds = Integer.getInteger("fuzz.seconds", 0);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+UseSerialGC",
                // A short run ends before the second compiler has paid for itself.
                seconds > 0 ? "-XX:+TieredCompilation" : "-XX:TieredStopAtLevel=1",
                "--limit-modules=" + MODULES,
                "-cp",
                classPath(),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target,
                "--instrumentation_includes=org.senderauth.**",
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + folder + "/",
                "-max_len=" + MAX_BYTES,
                "-seed=1",
                seconds > 0 ? "-max_total_time=" + seconds : "-runs=" + Integer.getInteger("fuzz.runs", 1000),
                found.toString(),
                Targets.seeds(target).toString()));
        int status = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        assertThat(status).as(() -> tail(log)).isZero();
        assertThat(Files.readString(log)).contains("Done ");
    }

    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !TEST_TOOLS.matcher(entry).matches())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String tail(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return log + ":\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        } catch (IOException e) {
            return log + ": " + e;
        }
    }
}
