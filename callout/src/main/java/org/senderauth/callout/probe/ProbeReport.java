package org.senderauth.callout.probe;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutReason;

/**
 * What a probe found. Immutable.
 *
 * @param reason the answer
 * @param stage where it came from
 * @param reply the mail server's reply that decided; null if none did
 * @param host the name of the mail server that decided; null if none did
 * @param hostAddress its network address; null if none did
 * @param dnsTtl for an answer of the DNS, how long that answer may be kept; null for any other
 * @param catchAll whether the domain accepts all recipients
 * @param control what the postmaster check of this session returned: whether the server accepts its postmaster
 * @param hosts the findings about each mail server, in the order of the probe
 * @param sent what was sent
 * @param protocolViolation a mail server broke SMTP, so that nothing of this should be remembered as its word
 * @param transcript the SMTP session, one line each: {@code "> "} before what was sent, {@code "< "} before what came,
 *     {@code "* "} before what happened
 */
public record ProbeReport(
        CalloutReason reason,
        ProbeStage stage,
        @Nullable TargetReply reply,
        @Nullable String host,
        @Nullable InetAddress hostAddress,
        @Nullable Duration dnsTtl,
        ProbeRequest.TriState catchAll,
        ProbeRequest.TriState control,
        List<HostReport> hosts,
        Sent sent,
        boolean protocolViolation,
        List<String> transcript) {

    /**
     * Makes a report; the lists are copied.
     *
     * @param reason the answer
     * @param stage where it came from
     * @param reply the mail server's reply that decided
     * @param host the name of the mail server that decided
     * @param hostAddress its network address
     * @param dnsTtl for an answer of the DNS, how long that answer may be kept
     * @param catchAll whether the domain accepts all recipients
     * @param control whether the server accepts its postmaster
     * @param hosts the findings about each mail server
     * @param sent what was sent
     * @param protocolViolation a mail server broke SMTP
     * @param transcript the SMTP session
     */
    public ProbeReport {
        hosts = List.copyOf(hosts);
        transcript = List.copyOf(transcript);
    }

    /**
     * What was sent to mail servers.
     *
     * @param connections connections tried
     * @param targetRecipients RCPT (or VRFY) commands with the address
     * @param randomRecipients RCPT commands with an invented local part
     * @param controlRecipients RCPT commands with postmaster
     */
    public record Sent(int connections, int targetRecipients, int randomRecipients, int controlRecipients) {

        /** Nothing was sent. */
        public static final Sent NOTHING = new Sent(0, 0, 0, 0);

        /**
         * All RCPT commands.
         *
         * @return their number
         */
        public int recipients() {
            return targetRecipients + randomRecipients + controlRecipients;
        }
    }

    /**
     * A report of a probe that sent nothing.
     *
     * @param reason the answer
     * @param stage where it came from
     * @param dnsTtl how long an answer of the DNS may be kept; null if it was none
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
                ProbeRequest.TriState.UNKNOWN,
                ProbeRequest.TriState.UNKNOWN,
                List.of(),
                Sent.NOTHING,
                false,
                List.of());
    }

    /**
     * The mail server's reply that decided.
     *
     * @return the reply, or nothing if none did
     */
    public Optional<TargetReply> decidingReply() {
        return Optional.ofNullable(reply);
    }
}
