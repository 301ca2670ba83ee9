package org.senderauth.cli;

import java.io.IOException;
import org.senderauth.batv.BatvResult;
import org.senderauth.batv.BatvVerdict;
import picocli.CommandLine.Command;

/** {@code batv verify}: verifies the tag of a recipient. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Verify the tag of a recipient address.",
        footer = {
            "",
            "Example:",
            "  senderauth batv verify --key-file batv.key prvs=0787a1b2c3=joe@example.org",
            "",
            "Exit status: 0 if the tag is valid, 75 if the keys are unavailable, else 1."
        })
final class BatvVerifyCommand extends BatvAddressCommand {

    @Override
    Outcome answer(String given) throws IOException {
        BatvResult result = keys.batv(common.clock()).verify(given);
        StringBuilder text = new StringBuilder(
                result.verdict().text() + ": " + result.reason().text());
        result.original().ifPresent(original -> text.append("\n  address  ").append(original));
        result.form().ifPresent(form -> text.append("\n  form     ").append(form));
        result.keyNumber().ifPresent(number -> text.append("\n  key      ").append(number));
        result.daysLeft().ifPresent(days -> text.append("\n  days     ").append(days));
        int status = result.isValid()
                ? ExitStatus.PASS
                : result.verdict() == BatvVerdict.UNAVAILABLE ? ExitStatus.TEMPFAIL : ExitStatus.FAIL;
        return new Outcome(
                BatvBatch.verify(result).put("reason", result.reason().text()), text.toString(), status);
    }
}
