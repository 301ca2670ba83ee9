package org.senderauth.callout.inmemory;

import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.CalloutStateAdminContract;
import org.senderauth.core.MonotonicClock;

/** The contract of administrators over the state in memory. */
class InMemoryCalloutStateAdminTest extends CalloutStateAdminContract {

    @Override
    protected CalloutState create(CalloutLimits limits, MonotonicClock clock) {
        return InMemoryCalloutState.create(limits, clock);
    }
}
