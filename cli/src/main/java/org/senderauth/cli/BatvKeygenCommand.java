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

/** {@code batv keygen}: a key that this library, Exim and batv-tools can share. */
@Command(
        name = "keygen",
        mixinStandardHelpOptions = true,
        description = "Writes a new key into a file that only its owner may read. The key is never printed.",
        footer = {
            "",
            "The key is 56 printable characters without a newline, generated from 256",
            "random bits. The last eight are a checksum, so a truncated copy is rejected.",
            "All of them are the key, for Exim and batv-tools too.",
            "",
            "Example:",
            "  senderauth batv keygen batv.key"
        })
final class BatvKeygenCommand implements Callable<Integer> {

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
        KeyFiles.create(target, KeyFiles.printableKey(), "give a new name, and keep the old key for its last tags");
        String text = common.json
                ? JsonLines.write(JsonLines.object().put("file", target.toString()))
                : "wrote new key to " + target;
        Objects.requireNonNull(spec).commandLine().getOut().println(text);
        return ExitStatus.PASS;
    }
}
