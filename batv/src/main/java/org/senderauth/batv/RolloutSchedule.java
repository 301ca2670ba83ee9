package org.senderauth.batv;

import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.EnvelopePath;
import org.senderauth.core.MailAddress;
import org.senderauth.core.MailDomain;

/**
 * The dates from which the bounces of each recipient are filtered. Bounces of mail that was sent before its sender was tagged come back untagged for as
 * long as the world's mail queues hold it, five to seven days: first sign, then log, then enforce.
 *
 * <p>An implementation must be thread-safe.
 */
@FunctionalInterface
public interface RolloutSchedule {

    /**
     * The progress of an address.
     *
     * @param address our address, without its tag
     * @param now the time
     * @return its stage
     */
    Stage stage(MailAddress address, Instant now);

    /** The handling of bounces without a valid tag. */
    enum Stage {
        /** The address is not opted in, or its mail is tagged and nothing more. */
        OFF,
        /** They are accepted, and the decision shows what would have happened. */
        LOG,
        /** They are rejected, or handled as the rules say. */
        ENFORCE
    }

    /**
     * The dates of one address or domain.
     *
     * @param logFrom the first instant at which bounces are filtered, or null for never
     * @param enforceFrom the first instant at which the judgement counts, or null for never
     */
    record Dates(@Nullable Instant logFrom, @Nullable Instant enforceFrom) {

        /** Never filtered. */
        public static final Dates NEVER = new Dates(null, null);

        /** Enforced at all times. */
        public static final Dates ALWAYS = new Dates(Instant.MIN, Instant.MIN);

        Stage stage(Instant now) {
            if (enforceFrom != null && !now.isBefore(enforceFrom)) {
                return Stage.ENFORCE;
            }
            return logFrom != null && !now.isBefore(logFrom) ? Stage.LOG : Stage.OFF;
        }
    }

    /**
     * Every address is enforced.
     *
     * @return the plan
     */
    static RolloutSchedule everyone() {
        return (address, now) -> Stage.ENFORCE;
    }

    /**
     * A plan by address, then by domain.
     *
     * @param addressesAndDomains the dates of addresses such as {@code joe@example.org} and of domains such as
     *     {@code example.org}; case does not matter
     * @param others the dates of all others
     * @return the plan
     * @throws IllegalArgumentException if a key is neither an address nor a domain name
     */
    static RolloutSchedule of(Map<String, Dates> addressesAndDomains, Dates others) {
        Map<String, Dates> dates = new HashMap<>();
        Objects.requireNonNull(others, "others");
        addressesAndDomains.forEach((key, value) -> dates.put(lowerCase(key), Objects.requireNonNull(value, key)));
        return (address, now) -> {
            MailAddress lower = address.toLowerCase();
            Dates own = dates.get(lower.toString());
            return (own != null ? own : dates.getOrDefault(lower.domain(), others)).stage(now);
        };
    }

    /**
     * The same plan, in which a sub-address such as {@code joe+list@example.org} has come as far as {@code
     * joe@example.org}.
     *
     * @param delimiter the character before the detail of a sub-address, such as {@code +}
     * @return the plan
     */
    default RolloutSchedule withSubAddresses(char delimiter) {
        return (address, now) -> {
            int detail = address.localPart().indexOf(delimiter);
            if (detail <= 0) {
                return stage(address, now);
            }
            String main = address.localPart().substring(0, detail) + (address.isQuoted() ? "\"" : "");
            return stage(MailAddress.split(main + '@' + address.domain()).orElse(address), now);
        };
    }

    private static String lowerCase(String addressOrDomain) {
        return addressOrDomain.indexOf('@') >= 0
                ? EnvelopePath.require(addressOrDomain, "address").toLowerCase().toString()
                : MailDomain.require(addressOrDomain, "domain").toLowerCase(Locale.ROOT);
    }
}
