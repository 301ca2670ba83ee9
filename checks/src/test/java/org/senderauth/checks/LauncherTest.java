package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script of a checkout, with a Maven and a JVM that only record their call. */
class LauncherTest {

    private static final Pattern PRIORITY_OPTION = Pattern.compile("-XX:\\S*(?:Priority|PrintWarnings)\\S*");

    @TempDir
    Path tree;

    private Path source;

    @BeforeEach
    void createTree() throws IOException {
        Path root = Path.of("..").toRealPath();
        for (String script : new String[] {"senderauth", "packaging/bin/senderauth"}) {
            script(tree.resolve(script), Files.readString(root.resolve(script)));
        }
        source = tree.resolve("cli/src/main/java/A.java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, "class A {}\n");
        script(
                tree.resolve("bin/mvn"),
                "#!/bin/sh\necho \"$PWD\" >>builds\nmkdir -p cli/target\necho jar >cli/target/senderauth.jar\n");
        script(tree.resolve("bin/java"), "#!/bin/sh\nfor last; do :; done\necho \"ran $last\"\n");
    }

    @Test
    void buildsOnceAndAfterChangesOnly() throws Exception {
        assertThat(run()).isEqualTo("senderauth: building (once, about a minute) ...\nran demo\n");
        assertThat(run()).isEqualTo("ran demo\n");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(run()).isEqualTo("ran demo\n");
        Files.writeString(source, "class B {}\n");
        assertThat(run()).contains("building");
        Files.delete(source);
        assertThat(run()).contains("building");
        assertThat(run()).isEqualTo("ran demo\n");
        assertThat(tree.resolve("builds")).content(StandardCharsets.UTF_8).hasLineCount(3);
    }

    @Test
    void reportsFailedBuildWithoutEscapeCodes() throws Exception {
        script(tree.resolve("bin/mvn"), "#!/bin/sh\nprintf '\\033[31mbroken\\033[m\\n'\nexit 1\n");
        assertThat(run())
                .isEqualTo("senderauth: building (once, about a minute) ...\nbroken\n"
                        + "senderauth: the build failed; it needs a JDK 17 and Maven 3.8.7 or newer\n");
    }

    /** With the options of the launcher, in a JVM that writes nothing about them. */
    @Test
    void threadsOfLowestPriorityGiveWayInService() throws Exception {
        script(tree.resolve("bin/java"), "#!/bin/sh\necho \"options: $*\"\n");
        run();
        String options = run("serve", "--config", "senderauth.yaml");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+ExitOnOutOfMemoryError",
                "-Xlog:disable",
                "-Xlog:all=off"));
        PRIORITY_OPTION.matcher(options).results().map(MatchResult::group).forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), NiceValues.class.getName()));
        String[] values = output(new ProcessBuilder(command)).split("\\s");
        assertThat(values).hasSize(2);
        // A user may have a nice value already, which only root can reduce.
        assertThat(values[1]).isEqualTo(Integer.toString(Math.max(10, Integer.parseInt(values[0]))));
        assertThat(run("spf")).doesNotContainPattern(PRIORITY_OPTION);
    }

    /** A program that prints the nice values of its first thread and of one with the lowest priority. */
    static final class NiceValues {

        private static final int NICE = 18;

        public static void main(String[] arguments) throws InterruptedException {
            print();
            Thread lowest = new Thread(NiceValues::print);
            lowest.setPriority(Thread.MIN_PRIORITY);
            lowest.start();
            lowest.join();
        }

        private static void print() {
            try {
                System.out.println(
                        Files.readString(Path.of("/proc/thread-self/stat")).split(" ")[NICE]);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String run(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(tree.resolve("senderauth").toString()));
        command.addAll(arguments.length == 0 ? List.of("demo") : List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("JAVA_HOME");
        builder.environment().put("PATH", tree.resolve("bin") + ":" + System.getenv("PATH"));
        return output(builder);
    }

    private static String output(ProcessBuilder builder) throws IOException, InterruptedException {
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"));
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
