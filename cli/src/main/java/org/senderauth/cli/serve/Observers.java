package org.senderauth.cli.serve;

import java.util.function.UnaryOperator;
import org.senderauth.callout.CalloutObserver;
import org.senderauth.dns.DnsClient;
import org.senderauth.policy.PolicyObserver;
import org.senderauth.ses.SesObserver;

/**
 * Who watches the defences; each may be a do-nothing one.
 *
 * @param policy is told of decisions
 * @param callout is told of callouts
 * @param ses is told of signatures
 * @param dns puts a watch in front of name servers
 */
record Observers(PolicyObserver policy, CalloutObserver callout, SesObserver ses, UnaryOperator<DnsClient> dns) {

    /** Nobody watches. */
    static final Observers NONE =
            new Observers(PolicyObserver.NONE, CalloutObserver.NONE, SesObserver.NONE, UnaryOperator.identity());
}
