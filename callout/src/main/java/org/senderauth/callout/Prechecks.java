package org.senderauth.callout;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.DomainNames;

/**
 * The checks before any probe, in order of their cost. Immutable.
 *
 * @param ownDomains domains with their mailboxes on this site, as {@link DomainNames#canonical} gives them
 * @param exemptSenders senders that are never probed
 * @param exemptClients clients whose senders are never probed
 * @param addressLiterals true to probe addresses at address literals
 */
record Prechecks(
        Set<String> ownDomains,
        Predicate<MailAddress> exemptSenders,
        Predicate<InetAddress> exemptClients,
        boolean addressLiterals) {

    /** Either the reason to send no probe, or the address to verify. */
    record Passage(Optional<CalloutReason> closed, Optional<MailAddress> address) {

        static Passage closed(CalloutReason reason) {
            return new Passage(Optional.of(reason), Optional.empty());
        }
    }

    Passage pass(CalloutRequest request) {
        if (request.sender().isEmpty()) {
            return Passage.closed(CalloutReason.NULL_SENDER);
        }
        if (request.trusted() || exemptClients.test(request.client())) {
            return Passage.closed(CalloutReason.EXEMPT);
        }
        if (request.spf() == CalloutRequest.Spf.FAIL || request.listed()) {
            return Passage.closed(CalloutReason.NOT_NEEDED);
        }
        Optional<MailAddress> parsed = MailAddress.parse(request.sender());
        if (parsed.isEmpty()) {
            return Passage.closed(CalloutReason.BAD_SYNTAX);
        }
        MailAddress address = parsed.get();
        if (isExempt(address)) {
            return Passage.closed(CalloutReason.EXEMPT);
        }
        if (address.isAddressLiteral()) {
            return addressLiterals
                    ? new Passage(Optional.empty(), parsed)
                    : Passage.closed(CalloutReason.ADDRESS_LITERAL);
        }
        // A U-label that IDNA rejects cannot be looked up, so no bounce can be sent there either.
        return DomainNames.parse(address.domain()).isPresent()
                ? new Passage(Optional.empty(), parsed)
                : Passage.closed(CalloutReason.BAD_SYNTAX);
    }

    private boolean isExempt(MailAddress address) {
        return address.localPart().equalsIgnoreCase("postmaster")
                || ownDomains.contains(DomainNames.canonical(address.domain()))
                || exemptSenders.test(address);
    }
}
