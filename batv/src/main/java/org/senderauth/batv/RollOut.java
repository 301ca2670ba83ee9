package org.senderauth.batv;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;

/**
 * When whose bounces are judged. Bounces of mail that was sent before its sender was tagged come back untagged for as
 * long as the world's mail queues hold it, five to seven days: first sign, then log, then enforce.
 *
 * <p>An implementation must be thread-safe.
 */
@FunctionalInterface
public interface RollOut {

    /**
     * How far an address has come.
     *
     * @param address an address of ours, without tag
     * @param now the time
     * @return its stage
     */
    Stage stage(MailAddress address, Instant now);

    /** What happens to bounces that carry no good tag. */
    enum Stage {
        /** The address is not opted in, or its mail is tagged and nothing more. */
        OFF,
        /** They are accepted, and the decision tells what would have happened. */
        LOG,
        /** They are refused, or whatever the rules say. */
        ENFORCE
    }

    /**
     * The dates of one address or domain.
     *
     * @param logFrom the first instant at which bounces are judged, or null for never
     * @param enforceFrom the first instant at which the judgement counts, or null for never
     */
    record Dates(@Nullable Instant logFrom, @Nullable Instant enforceFrom) {

        /** Never judged. */
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
    static RollOut everyone() {
        return (address, now) -> Stage.ENFORCE;
    }

    /**
     * A plan by address, then by domain.
     *
     * @param addressesAndDomains the dates of addresses such as {@code joe@example.org} and of domains such as
     *     {@code example.org}; case does not matter
     * @param others the dates of all others
     * @return the plan
     */
    static RollOut of(Map<String, Dates> addressesAndDomains, Dates others) {
        Map<String, Dates> dates = new HashMap<>();
        addressesAndDomains.forEach((key, value) -> dates.put(lowerCase(key), value));
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
     * @param delimiter what stands before the detail of a sub-address, such as {@code +}
     * @return the plan
     */
    default RollOut withSubAddresses(char delimiter) {
        return (address, now) -> {
            int detail = address.localPart().indexOf(delimiter);
            return stage(detail > 0 ? address.withLocalPart(address.localPart().substring(0, detail)) : address, now);
        };
    }

    private static String lowerCase(String addressOrDomain) {
        return MailAddress.split(addressOrDomain)
                .orElseGet(() -> new MailAddress("domain", addressOrDomain))
                .toLowerCase()
                .toString()
                .replaceFirst("^domain@", "");
    }
}
