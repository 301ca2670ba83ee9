package org.senderauth.callout.state;

import org.senderauth.core.MonotonicClock;

/** The contract of administrators over the state in memory. */
class InMemoryCalloutStateAdminTest extends CalloutStateAdminContract {

    @Override
    protected CalloutState create(CalloutLimits limits, MonotonicClock clock) {
        return InMemoryCalloutState.create(limits, clock);
    }
}
