package org.senderauth.callout;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Set;
import org.senderauth.callout.state.HostKeys;
import org.senderauth.callout.state.Question;
import org.senderauth.core.MailAddress;

/**
 * What the state is asked about an address: under which keys, and on which budget. Senders and recipients have keys of
 * their own, so that the answer for one never stands for the other. Immutable.
 *
 * @param largeProviders registrable domains with {@link CalloutVerifierBuilder#LARGE_PROVIDER_BOOST}, in lower case
 */
record Questions(Set<String> largeProviders) {

    private static final String SENDER_KEYS = "s";
    private static final String RECIPIENT_KEYS = "r";

    /** By how many times the budget is multiplied for hosts that this site has named itself. */
    private static final int CALLFORWARD_BOOST = 100;

    Question ofSender(MailAddress sender, InetAddress client, boolean preferred) {
        String registrable = registrable(sender);
        int boost = largeProviders.contains(registrable) ? CalloutVerifierBuilder.LARGE_PROVIDER_BOOST : 1;
        return question(SENDER_KEYS, sender, registrable, client, preferred, boost);
    }

    Question ofRecipient(MailAddress recipient, InetAddress client) {
        return question(RECIPIENT_KEYS, recipient, registrable(recipient), client, true, CALLFORWARD_BOOST);
    }

    private static Question question(
            String kind, MailAddress address, String registrable, InetAddress client, boolean preferred, int boost) {
        AddressKeys keys = AddressKeys.of(kind, address);
        return new Question(
                keys.exact(),
                keys.base(),
                keys.pattern(),
                kind + ":" + domain(address),
                kind + ":" + registrable,
                HostKeys.budget(client),
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
