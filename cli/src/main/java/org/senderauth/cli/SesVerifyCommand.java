package org.senderauth.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.Ascii;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesKeyFile;
import org.senderauth.ses.SesResult;
import org.senderauth.ses.SesSignature;
import org.senderauth.ses.SesVerdict;
import org.senderauth.ses.VerificationPurpose;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ses verify}: verifies a signed address. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Verify a signed address with the keys of its domain.",
        footer = {
            "",
            "Example:",
            "  senderauth ses verify --keys ses.keys \\",
            "      'SES=FZL8-J65IZ_GHGTQS=alice@example.org'",
            "",
            "Uses are counted within one batch only.",
            "Exit status: 0 valid, 1 not valid, 75 temporary failure."
        })
final class SesVerifyCommand implements Callable<Integer> {

    @Mixin
    CommonOptions common = new CommonOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(paramLabel = "ADDR", arity = "0..1", description = "The address that may be signed.")
    @Nullable
    String address;

    @Option(names = "--keys", paramLabel = "FILE", description = "The key file; see ses keygen.")
    @Nullable
    Path keys;

    @Option(names = "--fixed", description = "Accept signatures without a time, which never expire.")
    boolean fixed;

    @Option(names = "--batch", paramLabel = "FILE", description = "Verify each line of a JSON Lines file; see ses.")
    @Nullable
    String batch;

    @Override
    public Integer call() throws IOException {
        CommandSpec known = Objects.requireNonNull(spec);
        PrintWriter out = known.commandLine().getOut();
        if (batch != null) {
            return JsonLines.batch(batch, System.in, out, new SesBatch(common.clock(), "verify")::answer);
        }
        if (address == null || keys == null) {
            throw new ParameterException(known.commandLine(), "requires ADDR and --keys, or --batch");
        }
        Ses ses = Ses.builder()
                .keyring(SesKeyFile.read(keys))
                .clock(common.clock())
                .fixedSignatures(fixed)
                .build();
        SesResult result = ses.verify(address, VerificationPurpose.BOUNCE);
        ObjectNode object = SesBatch.object(address, result);
        if (common.json) {
            out.println(JsonLines.write(object));
        } else {
            String reason = result.reason().isEmpty() ? "" : ": " + result.reason();
            out.println(Ascii.text(result.verdict()) + reason);
            result.signature().ifPresent(signature -> print(out, signature));
        }
        out.flush();
        return result.isValid()
                ? ExitStatus.PASS
                : result.verdict() == SesVerdict.UNAVAILABLE ? ExitStatus.TEMPFAIL : ExitStatus.FAIL;
    }

    private static void print(PrintWriter out, SesSignature signature) {
        out.println("  address  " + signature.address());
        out.println("  serial   " + signature.serialNumber());
        out.println("  key      " + signature.keyIndex());
        out.println("  expires  " + signature.expires().map(Instant::toString).orElse("never"));
    }
}
