package org.senderauth.server;

import java.util.function.UnaryOperator;
import org.senderauth.callout.CalloutObserver;
import org.senderauth.dns.DnsClient;
import org.senderauth.policy.PolicyObserver;
import org.senderauth.ses.SesObserver;

/**
 * The observers of the checks; each may do nothing.
 *
 * @param policy receives decisions
 * @param callout receives callouts
 * @param ses receives signatures
 * @param dns wraps the DNS client that queries name servers
 * @param traces whether results of SPF have the trace that the policy's observer keeps
 */
record Observers(
        PolicyObserver policy, CalloutObserver callout, SesObserver ses, UnaryOperator<DnsClient> dns, boolean traces) {

    /** Observers that do nothing. */
    static final Observers NONE =
            new Observers(PolicyObserver.NONE, CalloutObserver.NONE, SesObserver.NONE, UnaryOperator.identity(), false);
}
