package org.senderauth.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.senderauth.core.MailAddress;
import org.senderauth.srs.SrsMode;
import org.senderauth.srs.SrsResult;
import org.senderauth.srs.SrsSyntax;
import picocli.CommandLine.Command;

/** {@code srs verify}: the verdict on an SRS address, its parts, and the reply that a bounce to it gets. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Verifies an SRS address and explains the verdict.",
        footer = {
            "",
            "Example:",
            "  senderauth srs verify --key-file srs.secret --domain srs.example.net \\",
            "      SRS0=ps3ffkno=EL=example.org=alice@srs.example.net",
            "",
            "Exit status: 0 if the address is valid, 1 if not."
        })
final class SrsVerifyCommand extends SrsAddressCommand {

    @Override
    Outcome answer(String given) throws IOException {
        SrsResult result = options.srs(common.clock()).reverse(given);
        ObjectNode json = SrsBatch.reverse(result).put("reason", result.reason().text());
        StringBuilder text = new StringBuilder(result.verdict().text())
                .append(": ")
                .append(result.reason().text());
        result.original().ifPresent(original -> text.append("\n  original  ").append(original));
        result.mode().map(SrsMode::text).ifPresent(mode -> {
            text.append("\n  mode      ").append(mode);
            json.put("mode", mode);
        });
        result.keyIndex().ifPresent(index -> {
            text.append("\n  key       ").append(index);
            json.put("key", index);
        });
        parts(given, text);
        result.smtpReply().ifPresent(reply -> {
            text.append("\n  reply     ").append(reply);
            json.put("reply", reply.toString());
        });
        return new Outcome(json, text.toString(), result.isValid() ? ExitStatus.PASS : ExitStatus.FAIL);
    }

    private static void parts(String given, StringBuilder text) {
        SrsSyntax syntax = MailAddress.split(given)
                .map(address -> SrsSyntax.parse(address.unquotedLocalPart()))
                .orElseGet(SrsSyntax.NotSrs::new);
        if (syntax instanceof SrsSyntax.Srs0 srs0) {
            text.append("\n  form      SRS0, hash ").append(srs0.hash());
            text.append(", stamp ").append(srs0.stamp());
            text.append(", sender ").append(srs0.user()).append('@').append(srs0.host());
        } else if (syntax instanceof SrsSyntax.Srs1 srs1) {
            text.append("\n  form      SRS1, hash ").append(srs1.hash());
            text.append(", first forwarder ").append(srs1.host());
        } else if (syntax instanceof SrsSyntax.Malformed malformed) {
            text.append("\n  form      ").append(malformed.reason());
        }
    }
}
