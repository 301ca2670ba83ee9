package org.senderauth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.cli.JsonLines.BadLine;
import org.senderauth.dkim2.Dkim2BounceResult;
import org.senderauth.dkim2.Dkim2Bounces;
import org.senderauth.dkim2.Dkim2Result;
import org.senderauth.dkim2.Dkim2Verifier;
import org.senderauth.dkim2.Draft;
import org.senderauth.dkim2.OwnKeys;
import org.senderauth.dns.DnsClient;
import picocli.CommandLine;

/** {@code dkim2 --batch}: every line is a message with its envelope and time. */
final class Dkim2Batch {

    private final DnsClient dns;
    private final InstantSource clock;
    private final Draft draft;
    private final @Nullable OwnKeys ownKeys;
    private final List<String> domains;
    private final @Nullable String onlyOp;
    private final boolean explain;

    private Dkim2Batch(
            CommonOptions common, Dkim2Options options, CommandLine command, @Nullable String onlyOp, boolean explain)
            throws IOException {
        this.dns = common.dns();
        this.clock = common.clock();
        this.draft = options.draft(command);
        this.ownKeys = options.ownKeys();
        this.domains = options.domains(command);
        this.onlyOp = onlyOp;
        this.explain = explain;
    }

    /**
     * Runs a batch.
     *
     * @param onlyOp the operation of lines without one; null if they must have it
     * @param explain whether the answers explain the verdict
     */
    static int run(
            String file,
            CommonOptions common,
            Dkim2Options options,
            CommandLine command,
            @Nullable String onlyOp,
            boolean explain)
            throws IOException {
        return JsonLines.batch(
                file, System.in, command.getOut(), new Dkim2Batch(common, options, command, onlyOp, explain)::answer);
    }

    private ObjectNode answer(JsonNode in) throws BadLine {
        String op = onlyOp == null ? JsonLines.text(in, "op") : JsonLines.text(in, "op", onlyOp);
        return switch (op) {
            case "message" -> message(in);
            case "bounce" -> bounce(in);
            default -> throw new BadLine("\"op\" must be message or bounce");
        };
    }

    private ObjectNode message(JsonNode in) throws BadLine {
        Dkim2Result result = Dkim2Verifier.builder()
                .dns(dns)
                .clock(clock(in))
                .draft(draft)
                .build()
                .verify(raw(in), JsonLines.text(in, "mailFrom"), recipients(in));
        return explain
                ? Dkim2VerifyCommand.object(result, true)
                : JsonLines.object().put("verdict", result.verdict().text()).put("reason", result.detail());
    }

    private ObjectNode bounce(JsonNode in) throws BadLine {
        if (ownKeys == null) {
            throw new BadLine("a bounce needs --own-keys");
        }
        Dkim2BounceResult result = bounces(ownKeys, domains)
                .dns(dns)
                .clock(clock(in))
                .draft(draft)
                .build()
                .verify(raw(in), JsonLines.text(in, "mailFrom", "<>"), recipients(in));
        return explain
                ? Dkim2BounceCommand.object(result, true)
                : JsonLines.object().put("verdict", result.verdict().text()).put("reason", result.detail());
    }

    /** A check for our keys; for the domains of the keys if none are listed. */
    static Dkim2Bounces.Builder bounces(OwnKeys ownKeys, List<String> domains) {
        Dkim2Bounces.Builder builder = Dkim2Bounces.builder().ownKeys(ownKeys);
        return domains.isEmpty() ? builder : builder.domains(domains);
    }

    private InstantSource clock(JsonNode in) throws BadLine {
        return in.hasNonNull("at")
                ? InstantSource.fixed(Instant.ofEpochSecond(JsonLines.whole(in, "at", 0, Instant.MAX.getEpochSecond())))
                : clock;
    }

    static byte[] raw(JsonNode in) throws BadLine {
        try {
            return Base64.getDecoder().decode(JsonLines.text(in, "raw"));
        } catch (IllegalArgumentException e) {
            throw new BadLine("\"raw\" must be base64");
        }
    }

    static List<String> recipients(JsonNode in) throws BadLine {
        JsonNode node = in.path("rcptTo");
        if (!node.isArray()) {
            throw new BadLine("\"rcptTo\" must be an array of strings");
        }
        List<String> recipients = new ArrayList<>();
        for (JsonNode recipient : node) {
            if (!recipient.isTextual()) {
                throw new BadLine("\"rcptTo\" must be an array of strings");
            }
            recipients.add(recipient.textValue());
        }
        return recipients;
    }
}
