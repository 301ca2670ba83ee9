package org.senderauth.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.senderauth.batv.BatvVerdict;
import picocli.CommandLine.Command;

/** {@code batv normalize}: the address without its tag. */
@Command(
        name = "normalize",
        mixinStandardHelpOptions = true,
        description = "Print an address without its tag, in any product's format. Needs no key and verifies nothing.",
        footer = {
            "",
            "Example:",
            "  senderauth batv normalize prvs=750139ea6=joe@example.org",
            "",
            "Exit status: 0, or 1 if the text is not a valid address."
        })
final class BatvNormalizeCommand extends BatvAddressCommand {

    @Override
    Outcome answer(String given) {
        ObjectNode json = BatvBatch.normalize(given);
        boolean malformed = json.get("verdict").textValue().equals(BatvVerdict.MALFORMED.text());
        return new Outcome(
                json,
                malformed ? malformed(given) : json.get("address").textValue(),
                malformed ? ExitStatus.FAIL : ExitStatus.PASS);
    }
}
