package org.senderauth.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.senderauth.core.MailAddress;
import org.senderauth.srs.Srs;
import org.senderauth.srs.SrsForwarding;
import picocli.CommandLine.Command;

/** {@code srs forward}: the envelope sender under which a message is forwarded. */
@Command(
        name = "forward",
        mixinStandardHelpOptions = true,
        description = "Rewrites an envelope sender and prints it. A sender that must not be rewritten stays unchanged.",
        footer = {
            "",
            "Example:",
            "  senderauth srs forward --key-file srs.secret --domain srs.example.net \\",
            "      alice@example.org",
            "",
            "Exit status: 0 if it is rewritten, 1 if it is not."
        })
final class SrsForwardCommand extends SrsAddressCommand {

    @Override
    Outcome answer(String given) throws IOException {
        Srs srs = options.srs(common.clock());
        ObjectNode json = SrsBatch.forward(srs, given);
        MailAddress sender = MailAddress.split(given).orElse(null);
        if (sender == null) {
            return new Outcome(json, json.get("verdict").textValue() + ": not an address", ExitStatus.FAIL);
        }
        SrsForwarding forwarding = srs.forward(sender);
        json.put("reason", forwarding.outcome().text());
        return forwarding.isRewritten()
                ? new Outcome(json, forwarding.address().toString(), ExitStatus.PASS)
                : new Outcome(
                        json, sender + "\n  unchanged: " + forwarding.outcome().text(), ExitStatus.FAIL);
    }
}
