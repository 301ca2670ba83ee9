package org.senderauth.callout.state;

import java.io.IOException;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import org.senderauth.core.MailAddress;

/** The view of an administrator on a state of callouts: lists and evictions. Thread-safe. */
public interface CalloutStateAdmin {

    /** The subject of a list of {@link #entries}. */
    enum Listing {
        /** What is known of addresses, domains and mail servers, and until when. */
        CALLOUTS,
        /** The open circuit breakers, and the mail servers in backoff. */
        BREAKERS,
        /** The rate limits that are in use, and the clients with undeliverable senders. */
        LIMITS
    }

    /**
     * Lists what the state contains.
     *
     * @param listing what is listed
     * @param max the maximum number of entries of answers, and of limits and circuit breakers
     * @param dates the clock of the times in the list
     * @return the entries, in no order
     * @throws IOException if the state is elsewhere and does not respond; the message is one line for the administrator
     */
    Contents entries(Listing listing, int max, InstantSource dates) throws IOException;

    /**
     * Evicts an address: the next mail from it causes a probe. What is known of its domain stays.
     *
     * @param address the address
     * @return how many entries were evicted
     * @throws IOException if the state is elsewhere and does not respond; the message is one line for the administrator
     */
    int forget(MailAddress address) throws IOException;

    /**
     * Evicts a domain: its addresses, what is known of the domain, and the circuit breakers of its registrable domain. Its
     * rate limits stay as they are.
     *
     * @param domain the domain, without its subdomains; not case-sensitive
     * @return how many entries were evicted and circuit breakers closed, as far as the state can count them
     * @throws IOException if the state is elsewhere and does not respond; the message is one line for the administrator
     */
    int forgetDomain(String domain) throws IOException;

    /**
     * Evicts a mail server, with the backoff after its failures.
     *
     * @param host its address
     * @return how many entries were evicted
     * @throws IOException if the state is elsewhere and does not respond; the message is one line for the administrator
     */
    int forgetHost(InetAddress host) throws IOException;

    /**
     * The contents of a state. Immutable.
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
