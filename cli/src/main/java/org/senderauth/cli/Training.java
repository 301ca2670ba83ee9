package org.senderauth.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;

/**
 * The work that the class archive of the launcher is trained with: it runs the usual commands in one JVM, among them a
 * real DNS query and a served policy request (in the demo), so that the archive contains the classes that they load.
 */
public final class Training {

    private Training() {}

    /**
     * Runs the commands; fails if one of them does not pass.
     *
     * @param arguments none
     * @throws IOException if the files of the commands cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createTempDirectory("senderauth");
        Path zone = folder.resolve("zone");
        Path config = folder.resolve("senderauth.yaml");
        try {
            Files.writeString(zone, "example.org. 60 TXT \"v=spf1 ip4:192.0.2.1 -all\"\n");
            Files.writeString(
                    config,
                    "hostname: mx.example.org\nlisten: {policy: 'inet:127.0.0.1:10031'}\nsteps: {spf: {mode: enforce}}\n");
            run("demo");
            String[] mail = {"--zone=" + zone, "--ip=192.0.2.1", "--helo=example.org", "--from=a@example.org"};
            run("spf", "check", mail[0], mail[1], mail[2], mail[3]);
            run("spf", "explain", mail[0], mail[1], mail[2], mail[3]);
            run("spf", "check", "--json", mail[0], mail[1], mail[2], mail[3]);
            run("check", mail[0], mail[1], mail[2], mail[3]);
            run("batv", "normalize", "a@example.org");
            run("serve", "--check", "--config=" + config);
            run("--help");
        } finally {
            Files.deleteIfExists(zone);
            Files.deleteIfExists(config);
            Files.deleteIfExists(folder);
        }
    }

    private static void run(String... arguments) {
        CommandLine command = SenderauthCommand.commandLine(arguments);
        command.setOut(new PrintWriter(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        int status = command.execute(arguments);
        if (status != ExitStatus.PASS) {
            throw new IllegalStateException(String.join(" ", arguments) + " exits with " + status);
        }
    }
}
