package org.example;

import java.util.List;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.protocols.api.handler.WiringException;
import org.apache.james.protocols.smtp.SMTPProtocolHandlerChain;
import org.apache.james.protocols.smtp.core.DataLineMessageHookHandler;
import org.apache.james.protocols.smtp.hook.MessageHook;
import org.apache.james.protocols.smtp.hook.RcptHook;
import org.senderauth.batv.Batv;
import org.senderauth.james.AcceptedMessageFilter;
import org.senderauth.james.CalloutHook;
import org.senderauth.james.SenderPolicyHook;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SignatureStripper;

/** The chain of handlers of an SMTP server. */
final class CheckedChain {

    private CheckedChain() {}

    static SMTPProtocolHandlerChain of(
            SenderPolicy policy, Batv batv, RcptHook validation, MessageHook store, MetricFactory metrics)
            throws WiringException {
        SenderPolicyHook hook = new SenderPolicyHook(policy, SignatureStripper.of(batv));
        SMTPProtocolHandlerChain chain = new SMTPProtocolHandlerChain(metrics);
        chain.addAll(0, List.of(hook, validation, new CalloutHook(policy)));
        int sink = chain.indexOf(
                chain.getHandlers(DataLineMessageHookHandler.class).getFirst());
        chain.add(sink, new AcceptedMessageFilter(policy));
        chain.add(store);
        chain.wireExtensibleHandlers();
        return chain;
    }
}
