package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script of a checkout, with a Maven and a JVM that only record their call. */
class LauncherTest {

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

    private static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String run() throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(tree.resolve("senderauth").toString(), "demo").redirectErrorStream(true);
        builder.environment().remove("JAVA_HOME");
        builder.environment().put("PATH", tree.resolve("bin") + ":" + System.getenv("PATH"));
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
