package org.senderauth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.batv.BatvKeys;
import org.senderauth.batv.BatvNormalizer;
import org.senderauth.batv.BatvResult;
import org.senderauth.batv.BatvVerdict;
import org.senderauth.batv.TaggedAddress;
import org.senderauth.cli.JsonLines.BadLine;
import org.senderauth.core.EnvelopePath;
import org.senderauth.core.MailAddress;
import picocli.CommandLine;

/** The batch of the batv subcommands, and the object that they print under {@code --json}. */
final class BatvBatch {

    private static final long FIRST_SECOND = Instant.MIN.getEpochSecond();
    private static final long LAST_SECOND = Instant.MAX.getEpochSecond();

    private final BatvOptions options;
    private final InstantSource clock;
    private final String absentOp;
    private @Nullable BatvKeys keys;

    /**
     * A batch.
     *
     * @param absentOp what a line without {@code op} asks for; empty if it must have one
     */
    BatvBatch(BatvOptions options, InstantSource clock, String absentOp) {
        this.options = options;
        this.clock = clock;
        this.absentOp = absentOp;
    }

    int run(String file, CommandLine command) throws IOException {
        keys = options.keySource();
        options.builder(keys == null ? domain -> new BatvKeys.None() : keys, clock, null);
        return JsonLines.batch(file, System.in, command.getOut(), this::line);
    }

    private ObjectNode line(JsonNode in) throws BadLine {
        String op = JsonLines.text(in, "op", absentOp);
        String address = JsonLines.text(in, "address");
        return switch (op) {
            case "sign" -> sign(batv(in), address);
            case "verify" -> verify(batv(in).verify(address));
            case "normalize" -> normalize(address);
            default -> throw new BadLine("\"op\" must be sign, verify or normalize");
        };
    }

    /** The verdict on a sender is that of the address given back: what its bounces would meet. */
    static ObjectNode sign(Batv batv, String address) {
        MailAddress sender = EnvelopePath.parse(address).address().orElse(null);
        if (sender == null) {
            return verify(batv.verify(address));
        }
        MailAddress signed = batv.sign(sender);
        return verify(batv.verify(signed)).put("address", signed.toString());
    }

    static ObjectNode verify(BatvResult result) {
        ObjectNode object = JsonLines.object()
                .put("verdict", result.verdict().text())
                .put("address", result.original().map(MailAddress::toString).orElse(null))
                .put("form", result.form().map(Object::toString).orElse(null));
        object.put(
                "keyNumber", result.keyNumber().isPresent() ? result.keyNumber().getAsInt() : null);
        return object.put(
                "daysLeft", result.daysLeft().isPresent() ? result.daysLeft().getAsInt() : null);
    }

    /** Has no keys, so any tag is foreign. */
    static ObjectNode normalize(String address) {
        MailAddress received = EnvelopePath.parse(address).address().orElse(null);
        TaggedAddress tagged =
                received == null ? null : TaggedAddress.parse(received).orElse(null);
        BatvVerdict verdict =
                received == null ? BatvVerdict.MALFORMED : tagged == null ? BatvVerdict.UNSIGNED : BatvVerdict.FOREIGN;
        ObjectNode object = JsonLines.object()
                .put("verdict", verdict.text())
                .put(
                        "address",
                        received == null
                                ? null
                                : BatvNormalizer.normalize(received).toString())
                .put("form", tagged == null ? null : tagged.tag().form().text());
        return object.putNull("keyNumber").putNull("daysLeft");
    }

    private Batv batv(JsonNode in) throws BadLine {
        InstantSource at = in.hasNonNull("at")
                ? InstantSource.fixed(Instant.ofEpochSecond(JsonLines.whole(in, "at", FIRST_SECOND, LAST_SECOND)))
                : clock;
        Integer lifetime =
                in.hasNonNull("lifetime") ? (int) JsonLines.whole(in, "lifetime", 1, Batv.MAX_LIFETIME_DAYS) : null;
        return options.builder(keys(in), at, lifetime).build();
    }

    private BatvKeys keys(JsonNode in) throws BadLine {
        Integer keyNumber = in.hasNonNull("keyNumber")
                ? Integer.valueOf((int) JsonLines.whole(in, "keyNumber", 0, BatvKeyring.SLOTS - 1))
                : options.keyNumber;
        if (in.hasNonNull("key")) {
            byte[] octets = BatvOptions.octets(JsonLines.text(in, "key"));
            if (octets == null) {
                throw new BadLine("\"key\" must be pairs of hexadecimal digits, at least one");
            }
            return BatvOptions.ring(keyNumber, octets);
        }
        if (keys == null) {
            throw new BadLine("\"key\" must be a string, since no --key-file nor --keys is given");
        }
        return keys;
    }
}
