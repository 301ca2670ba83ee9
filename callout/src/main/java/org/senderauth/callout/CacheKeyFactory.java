package org.senderauth.callout;

import java.net.InetAddress;
import java.util.Set;
import org.senderauth.callout.state.AddressCacheKeys;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.MailServer;
import org.senderauth.core.MailAddress;

/**
 * The cache keys and the rate limit of a verification request. Senders and recipients have separate keys, so a result for
 * one is never used for the other. Immutable.
 *
 * @param highVolumeDomains registrable domains with {@link CalloutVerifierBuilder#HIGH_VOLUME_BOOST}, in lower case
 */
record CacheKeyFactory(Set<String> highVolumeDomains) {

    private static final String RECIPIENT_CLIENTS = "r:";

    /** The factor of the rate limit for the hosts of a callforward. */
    private static final int CALLFORWARD_BOOST = 100;

    AdmissionRequest ofSender(MailAddress sender, InetAddress client, boolean preferred) {
        AddressCacheKeys keys = AddressCacheKeys.sender(sender);
        boolean highVolume = highVolumeDomains.contains(keys.registrableDomain());
        int boost = highVolume ? CalloutVerifierBuilder.HIGH_VOLUME_BOOST : 1;
        return question(keys, MailServer.addressKey(client), preferred, boost);
    }

    AdmissionRequest ofRecipient(MailAddress recipient, InetAddress client) {
        return question(
                AddressCacheKeys.recipient(recipient),
                RECIPIENT_CLIENTS + MailServer.addressKey(client),
                true,
                CALLFORWARD_BOOST);
    }

    private static AdmissionRequest question(AddressCacheKeys keys, String client, boolean preferred, int boost) {
        return new AdmissionRequest(
                keys.exact(),
                keys.base(),
                keys.pattern(),
                keys.domain(),
                keys.registrable(),
                client,
                preferred,
                boost,
                true);
    }
}
