package org.senderauth.cli;

import java.io.IOException;
import org.senderauth.srs.SrsResult;
import picocli.CommandLine.Command;

/** {@code srs reverse}: the sender to which a bounce goes. */
@Command(
        name = "reverse",
        mixinStandardHelpOptions = true,
        description = "Prints the original sender of an SRS address.",
        footer = {
            "",
            "Example:",
            "  senderauth srs reverse --key-file srs.secret --domain srs.example.net \\",
            "      SRS0=ps3ffkno=EL=example.org=alice@srs.example.net",
            "",
            "Exit status: 0 if the address is valid, 1 if not."
        })
final class SrsReverseCommand extends SrsAddressCommand {

    @Override
    Outcome answer(String given) throws IOException {
        SrsResult result = options.srs(common.clock()).reverse(given);
        String text = result.original()
                .map(Object::toString)
                .orElseGet(
                        () -> result.verdict().text() + ": " + result.reason().text());
        return new Outcome(
                SrsBatch.reverse(result).put("reason", result.reason().text()),
                text,
                result.isValid() ? ExitStatus.PASS : ExitStatus.FAIL);
    }
}
