package org.senderauth.simulation;

import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.CalloutStateContract;
import org.senderauth.callout.state.HostAdmission;
import org.senderauth.callout.state.MailServer;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateUpdate;
import org.senderauth.core.MonotonicClock;

/** The model passes the contract that the real Redis passes. */
class RedisModelTest extends CalloutStateContract {

    private static final RedisModel.Watch NOBODY = new RedisModel.Watch() {
        @Override
        public void granted(ProbePermit permit, boolean shared) {}

        @Override
        public void answered(ProbePermit permit) {}

        @Override
        public void released(ProbePermit permit) {}

        @Override
        public void admitted(ProbePermit permit, MailServer server, HostAdmission admission) {}

        @Override
        public void learned(StateUpdate update) {}
    };

    @Override
    protected CalloutState create(CalloutLimits limits, MonotonicClock clock) {
        return new RedisModel(limits, 1, clock, PlantedFault.NONE).seenBy(NOBODY, RedisModel.atOnce());
    }
}
