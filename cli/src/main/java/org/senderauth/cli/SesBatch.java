package org.senderauth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.senderauth.cli.JsonLines.BadLine;
import org.senderauth.core.Ascii;
import org.senderauth.core.EnvelopePath;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.dns.DomainNames;
import org.senderauth.ses.MemoryReplayLedger;
import org.senderauth.ses.ReplayLedger;
import org.senderauth.ses.SerialNumbers;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesAlgorithm;
import org.senderauth.ses.SesCodec;
import org.senderauth.ses.SesKey;
import org.senderauth.ses.SesKeyFile;
import org.senderauth.ses.SesKeyring;
import org.senderauth.ses.SesLayout;
import org.senderauth.ses.SesLimits;
import org.senderauth.ses.SesResult;
import org.senderauth.ses.SesSignature;
import org.senderauth.ses.SesVerdict;
import org.senderauth.ses.VerificationPurpose;

/**
 * {@code ses --batch}: every line brings its own secrets and layout, so that signatures of other software can be made
 * and checked. The local part is signed as written. The uses of a signature are counted over the lines that have a
 * {@code limit}.
 */
final class SesBatch {

    private static final long MAX_ID = Long.MAX_VALUE;

    private final InstantSource clock;
    private final @Nullable String onlyOp;
    // Lines may jump about in time, so nothing expires during a batch; the ledger is bounded all the same.
    private final ReplayLedger ledger =
            MemoryReplayLedger.create(InstantSource.fixed(Instant.EPOCH), () -> 0, MemoryReplayLedger.defaultSize());
    private final AtomicLong lastId = new AtomicLong();

    /**
     * A batch.
     *
     * @param clock the time of lines that name none
     * @param onlyOp what lines do that do not say; null if they must say
     */
    SesBatch(InstantSource clock, @Nullable String onlyOp) {
        this.clock = clock;
        this.onlyOp = onlyOp;
    }

    ObjectNode answer(JsonNode in) throws BadLine {
        String op = onlyOp == null ? JsonLines.text(in, "op") : JsonLines.text(in, "op", onlyOp);
        try {
            return switch (op) {
                case "sign" -> sign(in);
                case "verify" -> verify(in);
                default -> throw new BadLine("\"op\" must be sign or verify");
            };
        } catch (IllegalArgumentException e) {
            throw new BadLine(e.getMessage());
        }
    }

    private ObjectNode sign(JsonNode in) throws BadLine {
        SesKey key = keys(in).get(0);
        MailAddress address = EnvelopePath.parse(JsonLines.text(in, "address"))
                .address()
                .orElseThrow(() -> new BadLine("\"address\" is no address"));
        if (Ses.isSigned(address.localPart())) {
            throw new BadLine("the address is signed already");
        }
        boolean fixed = flag(in, "fixed");
        if (fixed && !in.hasNonNull("messageId")) {
            throw new BadLine("a fixed signature needs a \"messageId\"");
        }
        long id = messageId(in);
        long timecode = fixed ? 0 : timecode(in, key.layout());
        String domain = DomainNames.toAscii(address.domain()).orElse(address.domain());
        String signed = fixed
                ? SesCodec.signFixed(key, id, address.localPart(), domain)
                : SesCodec.sign(key, timecode, id, address.localPart(), domain);
        MailAddress result = address.withLocalPart(signed);
        if (result.localPartOctets() > MailAddress.MAX_LOCAL_PART_OCTETS) {
            throw new BadLine("the signed local part would have " + result.localPartOctets() + " octets, more than "
                    + MailAddress.MAX_LOCAL_PART_OCTETS);
        }
        return JsonLines.object()
                .put("verdict", "valid")
                .put("address", result.toString())
                .put("timecode", timecode)
                .put("messageId", id);
    }

    private long messageId(JsonNode in) throws BadLine {
        int servers = number(in, "servers", 1);
        SerialNumbers ids =
                SerialNumbers.ofServer(timecode -> lastId.incrementAndGet(), servers, number(in, "server", 0));
        if (in.hasNonNull("messageId")) {
            return JsonLines.whole(in, "messageId", 1, MAX_ID);
        }
        try {
            return ids.next(0);
        } catch (IOException e) {
            throw new BadLine("no serial number: " + e.getMessage());
        }
    }

    private ObjectNode verify(JsonNode in) throws BadLine {
        String address = JsonLines.text(in, "address");
        List<SesKey> keys = keys(in);
        SesLayout layout = keys.get(0).layout();
        SerialNumbers.ofServer(timecode -> 0, number(in, "servers", 1), number(in, "server", 0));
        VerificationPurpose use = use(in);
        int limit = number(in, "limit", 0);
        Ses ses = Ses.builder()
                .keyring(SesKeyring.forAnyDomain(keys.toArray(SesKey[]::new)))
                .clock(InstantSource.fixed(layout.instant(timecode(in, layout))))
                .skew(number(in, "skew", Ses.DEFAULT_SKEW))
                .fixedSignatures(flag(in, "fixed"))
                .limits(SesLimits.builder()
                        .bounces(limit)
                        .publicLookups(limit)
                        .addresses(0)
                        .build())
                .ledger(ledger)
                .build();
        return object(address, ses.verify(address, use));
    }

    /** The object for a result; without any claim that no key confirms. */
    static ObjectNode object(String address, SesResult result) {
        ObjectNode object = JsonLines.object().put("verdict", verdict(result.verdict()));
        SesSignature signature = result.signature().orElse(null);
        if (signature != null) {
            object.put("address", signature.address().toString())
                    .put("timecode", signature.timecode())
                    .put("messageId", signature.serialNumber());
        } else if (result.verdict() == SesVerdict.UNSIGNED) {
            object.put("address", address).putNull("timecode").putNull("messageId");
        } else {
            object.putNull("address").putNull("timecode").putNull("messageId");
        }
        return object;
    }

    /** Returns the values of the JSON format, which scripts rely on. */
    private static String verdict(SesVerdict verdict) {
        return switch (verdict) {
            case UNSIGNED -> "not-ses";
            case INVALID -> "bad";
            default -> Ascii.text(verdict);
        };
    }

    private static List<SesKey> keys(JsonNode in) throws BadLine {
        SesLayout layout = new SesLayout(
                number(in, "hashBits", SesLayout.DEFAULT.hashBits()),
                number(in, "fractionBits", SesLayout.DEFAULT.fractionBits()),
                number(in, "expirationDays", SesLayout.DEFAULT.expirationDays()));
        SesAlgorithm algorithm = SesKeyFile.algorithm(JsonLines.text(in, "algorithm", "hmac-sha1"));
        JsonNode secrets = in.get("secrets");
        if (secrets == null || !secrets.isArray() || secrets.isEmpty()) {
            throw new BadLine("\"secrets\" must be an array of strings, the one that signs first");
        }
        List<SesKey> keys = new ArrayList<>();
        for (JsonNode secret : secrets) {
            if (!secret.isTextual() || secret.textValue().isEmpty()) {
                throw new BadLine("\"secrets\" must hold strings, none of them empty");
            }
            keys.add(SesKey.of(
                    SecretKeys.ofWeak(secret.textValue().getBytes(StandardCharsets.UTF_8)), algorithm, layout));
        }
        return keys;
    }

    private long timecode(JsonNode in, SesLayout layout) throws BadLine {
        if (in.hasNonNull("timecode")) {
            return JsonLines.whole(in, "timecode", 1, layout.timecode(Instant.MAX));
        }
        if (in.hasNonNull("at")) {
            return layout.timecode(Instant.ofEpochSecond(JsonLines.whole(in, "at", 0, Instant.MAX.getEpochSecond())));
        }
        return layout.timecode(clock.instant());
    }

    private static VerificationPurpose use(JsonNode in) throws BadLine {
        return switch (JsonLines.text(in, "use", "bounce")) {
            case "bounce" -> VerificationPurpose.BOUNCE;
            case "public" -> VerificationPurpose.PUBLIC;
            default -> throw new BadLine("\"use\" must be bounce or public");
        };
    }

    private static boolean flag(JsonNode in, String field) throws BadLine {
        if (!in.hasNonNull(field)) {
            return false;
        }
        if (!in.get(field).isBoolean()) {
            throw new BadLine("\"" + field + "\" must be true or false");
        }
        return in.get(field).booleanValue();
    }

    private static int number(JsonNode in, String field, int absent) throws BadLine {
        return in.hasNonNull(field) ? (int) JsonLines.whole(in, field, 0, Integer.MAX_VALUE) : absent;
    }
}
