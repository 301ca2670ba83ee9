package org.senderauth.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SecretFiles;
import org.senderauth.core.SecretKeys;
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
            "The key is 43 printable characters without line end, made of 256 random bits.",
            "Exim takes no NUL and no more than 64 octets, and batv-tools would take a line",
            "end for a part of it.",
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
        byte[] random = SecretKeys.generate(new SecureRandom()).getEncoded();
        String key = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        try {
            SecretFiles.create(target, key.getBytes(StandardCharsets.US_ASCII));
        } catch (FileAlreadyExistsException e) {
            throw new IOException(target + ": exists already; give a new name, and keep the old key for its last tags");
        } catch (NoSuchFileException e) {
            throw new IOException(target + ": there is no such folder");
        }
        String text = common.json
                ? JsonLines.write(JsonLines.object().put("file", target.toString()))
                : "a new key is in " + target;
        Objects.requireNonNull(spec).commandLine().getOut().println(text);
        return ExitStatus.GOOD;
    }
}
