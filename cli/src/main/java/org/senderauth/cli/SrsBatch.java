package org.senderauth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.senderauth.cli.JsonLines.BadLine;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.srs.Srs;
import org.senderauth.srs.SrsFormat;
import org.senderauth.srs.SrsForwarding;
import org.senderauth.srs.SrsMode;
import org.senderauth.srs.SrsResult;

/** {@code srs --batch}: every line brings its own secrets and mode, so that other programs can be compared with. */
final class SrsBatch {

    private static final long FIRST_SECOND = Instant.MIN.getEpochSecond();
    private static final long LAST_SECOND = Instant.MAX.getEpochSecond();
    private static final String NULL_SENDER = "<>";

    private final InstantSource clock;
    private final String absentOp;

    /**
     * A batch.
     *
     * @param clock the time of lines without one
     * @param absentOp what a line without {@code op} asks for; empty if it must have one
     */
    SrsBatch(InstantSource clock, String absentOp) {
        this.clock = clock;
        this.absentOp = absentOp;
    }

    ObjectNode answer(JsonNode in) throws BadLine {
        String op = JsonLines.text(in, "op", absentOp);
        String address = JsonLines.text(in, "address");
        return switch (op) {
            case "forward" -> forward(srs(in), address);
            case "reverse", "verify" -> reverse(srs(in).reverse(address));
            default -> throw new BadLine("\"op\" must be forward or reverse");
        };
    }

    /** The object for a forwarded sender: the address that is to be used. */
    static ObjectNode forward(Srs srs, String sender) {
        SrsForwarding forwarding = MailAddress.split(sender).map(srs::forward).orElse(null);
        if (forwarding != null) {
            return object(verdict(forwarding.outcome()), forwarding.address().toString());
        }
        boolean isNull = sender.isEmpty() || sender.equals(NULL_SENDER);
        return isNull ? object("unchanged", sender) : object("malformed", null);
    }

    private static String verdict(SrsForwarding.Outcome outcome) {
        return switch (outcome) {
            case REWRITTEN, ALIAS -> "valid";
            case TOO_LONG -> "too-long";
            default -> "unchanged";
        };
    }

    /** The object for a reversed address: the original sender, if it is valid. */
    static ObjectNode reverse(SrsResult result) {
        return object(
                result.verdict().text(),
                result.original().map(MailAddress::toString).orElse(null));
    }

    private static ObjectNode object(String verdict, @Nullable String address) {
        return JsonLines.object().put("verdict", verdict).put("address", address);
    }

    private Srs srs(JsonNode in) throws BadLine {
        String name = JsonLines.text(in, "mode", SrsMode.HARDENED.text());
        SrsMode mode = SrsOptions.mode(name).orElseThrow(() -> new BadLine("\"mode\" must be " + SrsOptions.MODES));
        InstantSource at = in.hasNonNull("at")
                ? InstantSource.fixed(Instant.ofEpochSecond(JsonLines.whole(in, "at", FIRST_SECOND, LAST_SECOND)))
                : clock;
        try {
            Srs.Builder builder = Srs.builder()
                    .keyring(SrsOptions.ring(keys(in), format(in, mode)))
                    .domain(JsonLines.text(in, "domain"))
                    .clock(at);
            if (in.hasNonNull("lifetime")) {
                builder.lifetimeDays((int) JsonLines.whole(in, "lifetime", 1, Srs.MAX_LIFETIME_DAYS));
            }
            builder.alwaysRewrite(in.path("alwaysRewrite").booleanValue());
            return builder.build();
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new BadLine(e.getMessage());
        }
    }

    /** The settings of the program, where it has others than its defaults. */
    private static SrsFormat format(JsonNode in, SrsMode mode) throws BadLine {
        SrsFormat format = SrsFormat.of(mode);
        if (in.hasNonNull("separator")) {
            String separator = JsonLines.text(in, "separator");
            if (separator.length() != 1) {
                throw new BadLine("\"separator\" must be =, + or -");
            }
            format = format.withSeparator(separator.charAt(0));
        }
        if (in.hasNonNull("hashLength")) {
            int length = (int) JsonLines.whole(in, "hashLength", 1, Byte.MAX_VALUE);
            int min = in.hasNonNull("hashMin") ? (int) JsonLines.whole(in, "hashMin", 1, length) : length;
            format = format.withHash(length, min);
        }
        return format;
    }

    private static List<SecretKey> keys(JsonNode in) throws BadLine {
        JsonNode given = in.path("secret");
        List<SecretKey> keys = new ArrayList<>();
        for (JsonNode secret : given.isArray() ? given : List.of(given)) {
            if (!secret.isTextual() || secret.textValue().isEmpty()) {
                throw new BadLine("\"secret\" must be a string or a list of strings, none of them empty");
            }
            keys.add(SecretKeys.ofWeak(secret.textValue().getBytes(StandardCharsets.UTF_8)));
        }
        if (keys.isEmpty()) {
            throw new BadLine("\"secret\" must have at least one string");
        }
        return keys;
    }
}
