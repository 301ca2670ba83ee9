package org.senderauth.cli;

import java.io.IOException;
import org.senderauth.batv.Batv;
import org.senderauth.batv.SigningOutcome;
import org.senderauth.batv.SigningResult;
import org.senderauth.core.EnvelopePath;
import org.senderauth.core.MailAddress;
import picocli.CommandLine.Command;

/** {@code batv sign}: the address to put into MAIL FROM. */
@Command(
        name = "sign",
        mixinStandardHelpOptions = true,
        description = "Tags an envelope sender and prints it. A sender that cannot be tagged comes back unchanged.",
        footer = {
            "",
            "Examples:",
            "  senderauth batv sign --key-file batv.key joe@example.org",
            "  senderauth batv sign --keys batv.keys --lower-case Joe@example.org",
            "",
            "Exit status: 0 if it carries a tag now, 1 if it does not, 75 if the keys",
            "cannot be had."
        })
final class BatvSignCommand extends BatvAddressCommand {

    @Override
    Outcome answer(String given) throws IOException {
        Batv batv = keys.batv(common.clock());
        MailAddress sender = EnvelopePath.parse(given).address().orElse(null);
        if (sender == null) {
            return new Outcome(BatvBatch.sign(batv, given), malformed(given), ExitStatus.FAIL);
        }
        SigningResult signed = batv.trySign(sender);
        String text = signed.isSigned()
                ? signed.address().toString()
                : signed.address() + "\n  unchanged: " + signed.outcome().text();
        return new Outcome(
                BatvBatch.sign(batv, given).put("reason", signed.outcome().text()), text, status(signed.outcome()));
    }

    private static int status(SigningOutcome outcome) {
        return switch (outcome) {
            case SIGNED, ALREADY_TAGGED -> ExitStatus.PASS;
            case KEYS_UNAVAILABLE -> ExitStatus.TEMPFAIL;
            default -> ExitStatus.FAIL;
        };
    }
}
