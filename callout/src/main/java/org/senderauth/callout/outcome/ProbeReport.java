package org.senderauth.callout.outcome;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The report of one probe. Immutable.
 *
 * @param reason the reason of the verdict
 * @param stage the last stage of the probe
 * @param reply the mail server's reply that decided; null if none did
 * @param host the name of the mail server that decided; null if none did
 * @param hostAddress its network address; null if none did
 * @param dnsTtl the time for which a DNS answer that decided may be cached; null if none did
 * @param catchAll whether the domain accepts all recipients
 * @param control whether the server accepts its postmaster, by the postmaster check of this session
 * @param hosts the report for each mail server, in the order of the probe
 * @param sent the counts of commands
 * @param protocolViolation whether a mail server violated SMTP, so the result must not be cached as its reply
 * @param transcript the SMTP session by line: {@code "> "} before a command, {@code "< "} before a reply, {@code "* "}
 *     before an event
 */
public record ProbeReport(
        CalloutReason reason,
        ProbeStage stage,
        @Nullable TargetReply reply,
        @Nullable String host,
        @Nullable InetAddress hostAddress,
        @Nullable Duration dnsTtl,
        TriState catchAll,
        TriState control,
        List<HostReport> hosts,
        Sent sent,
        boolean protocolViolation,
        List<String> transcript) {

    /**
     * Creates a report; the lists are copied.
     *
     * @param reason the reason of the verdict
     * @param stage the last stage of the probe
     * @param reply the mail server's reply that decided
     * @param host the name of the mail server that decided
     * @param hostAddress its network address
     * @param dnsTtl the time for which a DNS answer that decided may be cached
     * @param catchAll whether the domain accepts all recipients
     * @param control whether the server accepts its postmaster
     * @param hosts the report for each mail server
     * @param sent the counts of commands
     * @param protocolViolation whether a mail server violated SMTP
     * @param transcript the SMTP session
     */
    public ProbeReport {
        hosts = List.copyOf(hosts);
        transcript = List.copyOf(transcript);
    }

    /** The result of a check that may be missing. */
    public enum TriState {
        /** Yes. */
        YES,
        /** No. */
        NO,
        /** A recent check was not conclusive. */
        UNDECIDED,
        /** There was no recent check. */
        UNKNOWN
    }

    /**
     * The counts of connections and commands.
     *
     * @param connections attempted connections
     * @param targetRecipients RCPT (or VRFY) commands with the address
     * @param randomRecipients RCPT commands with a random local part
     * @param controlRecipients RCPT commands with postmaster
     */
    public record Sent(int connections, int targetRecipients, int randomRecipients, int controlRecipients) {

        /** The counts of a probe that sent nothing. */
        public static final Sent NOTHING = new Sent(0, 0, 0, 0);

        /**
         * {@return the number of all RCPT commands}
         */
        public int recipients() {
            return targetRecipients + randomRecipients + controlRecipients;
        }
    }

    /**
     * Returns the report of a probe that sent nothing.
     *
     * @param reason the reason of the verdict
     * @param stage the last stage of the probe
     * @param dnsTtl the time for which a DNS answer that decided may be cached; null if none did
     * @return the report
     */
    public static ProbeReport ofNothingSent(CalloutReason reason, ProbeStage stage, @Nullable Duration dnsTtl) {
        return new ProbeReport(
                reason,
                stage,
                null,
                null,
                null,
                dnsTtl,
                TriState.UNKNOWN,
                TriState.UNKNOWN,
                List.of(),
                Sent.NOTHING,
                false,
                List.of());
    }

    /**
     * {@return the mail server's reply that decided; empty if none did}
     */
    public Optional<TargetReply> decidingReply() {
        return Optional.ofNullable(reply);
    }
}
