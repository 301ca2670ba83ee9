package org.senderauth.callout.state;

import java.io.IOException;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import org.senderauth.core.MailAddress;

/** The view of an administrator on a callout state: lists its entries and evicts them. Thread-safe. */
public interface CalloutStateAdmin {

    /** The selections for {@link #entries}. */
    enum Listing {
        /** The cached entries of addresses, domains and mail servers, with their expiry. */
        CALLOUTS,
        /** The open circuit breakers, and the mail servers in backoff. */
        BREAKERS,
        /** The rate limits that are in use, and the clients with undeliverable senders. */
        LIMITS
    }

    /**
     * Lists the content of the state.
     *
     * @param listing the selection
     * @param max the maximum number of entries of answers, and of limits and circuit breakers
     * @param dates the clock of the times in the list
     * @return the entries, in no order
     * @throws IOException if the state is elsewhere and does not respond; the message is one line for the administrator
     */
    Contents entries(Listing listing, int max, InstantSource dates) throws IOException;

    /**
     * Evicts an address: the next mail from it causes a probe. The entry of its domain stays.
     *
     * @param address the address
     * @return the number of evicted entries
     * @throws IOException if the state is elsewhere and does not respond; the message is one line for the administrator
     */
    int forget(MailAddress address) throws IOException;

    /**
     * Evicts a domain: its addresses, its own entry, and the circuit breakers of its registrable domain. Its rate limits stay
     * as they are.
     *
     * @param domain the domain, without its subdomains; in any case, of A-labels or U-labels
     * @return the number of evicted entries and closed circuit breakers, as far as the state can count them
     * @throws IOException if the state is elsewhere and does not respond; the message is one line for the administrator
     */
    int forgetDomain(String domain) throws IOException;

    /**
     * Evicts a mail server, with the backoff after its failures.
     *
     * @param host its address
     * @return the number of evicted entries
     * @throws IOException if the state is elsewhere and does not respond; the message is one line for the administrator
     */
    int forgetHost(InetAddress host) throws IOException;

    /**
     * The content of a state. Immutable.
     *
     * @param entries the entries, in no order
     * @param complete whether these are all
     */
    record Contents(List<StateEntry> entries, boolean complete) {

        /**
         * Copies the list.
         *
         * @param entries the entries
         * @param complete whether these are all
         */
        public Contents {
            entries = List.copyOf(entries);
        }
    }
}
