package org.senderauth.batv;

import java.util.Optional;
import org.senderauth.core.MailAddress;

/**
 * Returns the address without its tag, which is not verified, for software that compares senders: greylisting, allowlists,
 * mailing lists, duplicate filters.
 *
 * <p>Match on the normalized address and keep the one received: mail must still be sent to the tagged one
 * (draft-levine-smtp-batv-01 section 5). Addresses that carry no tag of a known form are left alone: SRS, SES, VERP and
 * ordinary addresses with equals signs among them.
 */
public final class BatvNormalizer {

    private BatvNormalizer() {}

    /**
     * The address without its tag, and without the tags under it if software tagged it more than once.
     *
     * @param address any address
     * @return the original address, or the same one if it carries no tag
     */
    public static MailAddress normalize(MailAddress address) {
        MailAddress plain = address;
        // Each turn strips at least fourteen characters of a local part of at most TaggedAddress.MAX_LOCAL_PART.
        for (Optional<TaggedAddress> tagged = TaggedAddress.parse(plain);
                tagged.isPresent();
                tagged = TaggedAddress.parse(plain)) {
            plain = tagged.get().original();
        }
        return plain;
    }
}
