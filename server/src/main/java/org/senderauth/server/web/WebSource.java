package org.senderauth.server.web;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.senderauth.policy.Decision;
import org.senderauth.policy.Transaction;
import org.senderauth.server.history.HistorySource;
import org.senderauth.spf.lint.LintReport;

/** The running service, as the pages see it. Thread-safe. */
public interface WebSource {

    /** {@return the name of this host} */
    String hostname();

    /**
     * Decides as the service would. The decision is a trial: no log, no history and no metric contains it. Its steps
     * report what they saw.
     *
     * @param transaction the transaction
     * @return the decision
     */
    Decision decide(Transaction transaction);

    /**
     * Examines the SPF record of a domain and all that it includes.
     *
     * @param domain the domain
     * @return the report
     */
    LintReport lint(String domain);

    /** {@return the decisions} */
    HistorySource history();

    /** {@return the counts of the last 24 hours} */
    DecisionFigures figures();

    /** {@return the parts of the service, and how they are} */
    List<Health> health();

    /**
     * Lists what the service remembers.
     *
     * @param topic {@code callouts}, {@code breakers}, {@code limits}, {@code keys} or {@code zone}
     * @return the rows, in order
     * @throws IOException if the state is elsewhere and does not respond; the message says what is wrong
     */
    List<StateRow> state(String topic) throws IOException;

    /**
     * Evicts what the service remembers of callouts, and logs that.
     *
     * @param what an email address, a domain or the IP address of a mail server
     * @param user who wants that
     * @return what was evicted
     * @throws IOException if it is invalid, or the state is elsewhere and does not respond; the message says what is wrong
     */
    Forgotten forget(String what, String user) throws IOException;

    /** {@return the public lookups in the SES zone since the start, by result} */
    Map<String, Long> publicLookups();

    /**
     * A row of what the service remembers. Immutable.
     *
     * @param kind what it is about
     * @param name the address, domain, host or key
     * @param state what is known or done
     * @param until until when, as a time in UTC; empty for no end
     * @param detail more; may be empty
     */
    record StateRow(String kind, String name, String state, String until, String detail) {}

    /**
     * The result of an eviction. Immutable.
     *
     * @param evicted the number of entries
     * @param note what the number does not contain; empty for nothing
     */
    record Forgotten(int evicted, String note) {}

    /** {@return the time that relative times of a search count back from} */
    InstantSource clock();

    /**
     * The state of a part of the service. Immutable.
     *
     * @param name the part
     * @param good whether it works
     * @param text its state
     */
    record Health(String name, boolean good, String text) {}
}
