package org.senderauth.callout;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Set;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.MailServer;
import org.senderauth.callout.state.RegistrableDomain;
import org.senderauth.core.MailAddress;

/**
 * The cache keys and the rate limit of a verification request. Senders and recipients have separate keys, so a result for
 * one is never used for the other. Immutable.
 *
 * @param highVolumeDomains registrable domains with {@link CalloutVerifierBuilder#HIGH_VOLUME_BOOST}, in lower case
 */
record CacheKeyFactory(Set<String> highVolumeDomains) {

    private static final String SENDER_KEYS = "s";
    private static final String RECIPIENT_KEYS = "r";

    /** The factor of the rate limit for the hosts of a callforward. */
    private static final int CALLFORWARD_BOOST = 100;

    AdmissionRequest ofSender(MailAddress sender, InetAddress client, boolean preferred) {
        String registrable = registrable(sender);
        int boost = highVolumeDomains.contains(registrable) ? CalloutVerifierBuilder.HIGH_VOLUME_BOOST : 1;
        return question(SENDER_KEYS, sender, registrable, MailServer.addressKey(client), preferred, boost);
    }

    AdmissionRequest ofRecipient(MailAddress recipient, InetAddress client) {
        return question(
                RECIPIENT_KEYS,
                recipient,
                registrable(recipient),
                RECIPIENT_KEYS + ":" + MailServer.addressKey(client),
                true,
                CALLFORWARD_BOOST);
    }

    private static AdmissionRequest question(
            String kind, MailAddress address, String registrable, String client, boolean preferred, int boost) {
        AddressCacheKeys keys = AddressCacheKeys.of(kind, address);
        // A directory of recipients has no patterns: that 1001 to 1003 exist says nothing about 1004.
        boolean recipient = kind.equals(RECIPIENT_KEYS);
        return new AdmissionRequest(
                keys.exact(),
                keys.base(),
                recipient ? null : keys.pattern(),
                kind + ":" + domain(address),
                kind + ":" + registrable,
                client,
                preferred,
                boost,
                true);
    }

    private static String registrable(MailAddress address) {
        return address.isAddressLiteral() ? domain(address) : RegistrableDomain.of(address.domain());
    }

    private static String domain(MailAddress address) {
        return address.domain().toLowerCase(Locale.ROOT);
    }
}
