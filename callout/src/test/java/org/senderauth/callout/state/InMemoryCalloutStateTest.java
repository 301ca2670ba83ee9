package org.senderauth.callout.state;

import java.time.InstantSource;
import org.senderauth.callout.CalloutLimits;

class InMemoryCalloutStateTest extends CalloutStateContract {

    @Override
    protected CalloutState create(CalloutLimits limits, InstantSource clock) {
        return InMemoryCalloutState.create(limits, clock);
    }
}
