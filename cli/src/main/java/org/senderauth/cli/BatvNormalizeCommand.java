package org.senderauth.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.senderauth.batv.BatvVerdict;
import picocli.CommandLine.Command;

/** {@code batv normalize}: whose address is behind the tag? */
@Command(
        name = "normalize",
        mixinStandardHelpOptions = true,
        description = "Prints an address without its tag, whoever made it. Nothing is checked and no key is needed.",
        footer = {
            "",
            "Example:",
            "  senderauth batv normalize prvs=750139ea6=joe@example.org",
            "",
            "Exit status: 0, or 1 if the text is no address."
        })
final class BatvNormalizeCommand extends BatvAddressCommand {

    @Override
    Outcome answer(String given) {
        ObjectNode json = BatvBatch.normalize(given);
        boolean malformed = json.get("verdict").textValue().equals(BatvVerdict.MALFORMED.text());
        return new Outcome(
                json,
                malformed
                        ? "malformed: the text is no address"
                        : json.get("address").textValue(),
                malformed ? ExitStatus.NEGATIVE : ExitStatus.GOOD);
    }
}
