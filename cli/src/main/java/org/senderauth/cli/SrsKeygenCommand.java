package org.senderauth.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code srs keygen}: a new secret in a file of its own. */
@Command(
        name = "keygen",
        mixinStandardHelpOptions = true,
        description = "Writes a new secret into a file that only its owner may read. The secret is never printed.",
        footer = {
            "",
            "The secret is one line of 56 characters, generated from 256 random bits. The",
            "last eight are a checksum, so a truncated copy is rejected.",
            "To change secrets, put the new line above the old one, and remove the old one",
            "22 days later.",
            "",
            "Example:",
            "  senderauth srs keygen srs.secret"
        })
final class SrsKeygenCommand implements Callable<Integer> {

    @Mixin
    CommonOptions common = new CommonOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The new file; an existing one is never overwritten.")
    @Nullable
    Path file;

    @Override
    public Integer call() throws IOException {
        Path target = Objects.requireNonNull(file);
        KeyFiles.create(
                target, KeyFiles.printableKey() + "\n", "put the new secret above the old ones in a text editor");
        String text = common.json
                ? JsonLines.write(JsonLines.object().put("file", target.toString()))
                : "a new secret is in " + target;
        Objects.requireNonNull(spec).commandLine().getOut().println(text);
        return ExitStatus.PASS;
    }
}
