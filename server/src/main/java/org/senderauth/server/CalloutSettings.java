package org.senderauth.server;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutVerifierBuilder;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.probe.FallbackSender;
import org.senderauth.callout.probe.ProbeSettings;
import org.senderauth.callout.probe.ProbeTimeouts;
import org.senderauth.core.SmtpReply;

/**
 * The settings of callouts.
 *
 * @param probe the settings of a probe's SMTP session
 * @param replies the replies that are suggested
 * @param limits the rate limits, thresholds and times
 * @param highVolumeDomains domains with many genuine senders
 * @param probesAddressLiterals whether senders such as {@code user@[192.0.2.1]} are probed
 * @param blockLists the zones of blocklists that are looked up before a probe; empty for none
 * @param stateFile keeps the deliverable addresses over a restart; null for none
 */
record CalloutSettings(
        Probe probe,
        Replies replies,
        CalloutLimits limits,
        List<String> highVolumeDomains,
        boolean probesAddressLiterals,
        List<String> blockLists,
        @Nullable Path stateFile) {

    /**
     * The settings of a probe's SMTP session.
     *
     * @param port the port of mail servers
     * @param allowsPrivateAddresses whether mail servers with private addresses are probed
     * @param method the command that verifies the address
     * @param tls when the session is encrypted
     * @param sourceAddress the local address of connections; null for the system's choice
     * @param ownAddresses the addresses of our mail servers
     * @param timeouts the timeouts
     * @param checksCatchAll whether a random local part is tried after the first accepted address of a domain
     * @param keys the keys
     */
    record Probe(
            int port,
            boolean allowsPrivateAddresses,
            ProbeSettings.Method method,
            ProbeSettings.Tls tls,
            @Nullable InetAddress sourceAddress,
            Set<InetAddress> ownAddresses,
            ProbeTimeouts timeouts,
            boolean checksCatchAll,
            Keys keys) {

        void apply(ProbeSettings.Builder builder) {
            builder.port(port)
                    .method(method)
                    .tls(tls)
                    .ownAddresses(ownAddresses)
                    .timeouts(timeouts)
                    .catchAllCheck(checksCatchAll);
            if (allowsPrivateAddresses) {
                builder.addressFilter(address -> true);
            }
            if (sourceAddress != null) {
                builder.localAddress(sourceAddress);
            }
            if (keys.randomKey() != null) {
                builder.catchAllKey(keys.randomKey());
            }
            if (keys.fallbackSender() != null) {
                builder.fallbackSender(keys.fallbackSender());
            }
        }
    }

    /**
     * The keys of a probe.
     *
     * @param randomKey generates the random local parts; null for a key of this process
     * @param fallbackSender the sender where the null sender is rejected; null for none
     */
    record Keys(@Nullable SecretKey randomKey, @Nullable FallbackSender fallbackSender) {

        @Override
        public String toString() {
            return "Keys";
        }
    }

    /**
     * The replies that are suggested.
     *
     * @param rejectsTemporarily whether a rejection is 450
     * @param exposesReplyText whether a reply contains the reply text of the probed mail server
     * @param maxDeferral how long an undecided sender is deferred; then its mail continues unverified
     * @param changed replies instead of the default ones; empty for a reason whose mail continues
     */
    record Replies(
            boolean rejectsTemporarily,
            boolean exposesReplyText,
            Duration maxDeferral,
            Map<CalloutReason, Optional<SmtpReply>> changed) {

        void apply(CalloutVerifierBuilder builder) {
            builder.temporaryRejects(rejectsTemporarily)
                    .exposeReplyText(exposesReplyText)
                    .maxDeferral(maxDeferral);
            changed.forEach((reason, reply) ->
                    reply.ifPresentOrElse(text -> builder.reply(reason, text), () -> builder.noReply(reason)));
        }
    }
}
