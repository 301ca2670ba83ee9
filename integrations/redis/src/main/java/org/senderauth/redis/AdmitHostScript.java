package org.senderauth.redis;

import static org.senderauth.redis.ScriptText.flag;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.state.HostAdmission;
import org.senderauth.callout.state.HostEntry;
import org.senderauth.callout.state.ProbePermit;

/**
 * The arguments and replies of {@link Script#ENTER}. Thread-safe.
 *
 * @param keys where things are kept
 * @param limits the budgets
 * @param time translates between the clocks
 * @param values reads what is stored
 */
record AdmitHostScript(CalloutKeys keys, CalloutLimits limits, RedisClock time, ValueCodec values) {

    private static final int FIELDS = 3;

    List<String> keys(InetAddress host) {
        String bucket = CalloutKeys.bucket(host);
        return List.of(keys.names().start(bucket), keys.names().reset(bucket), keys.host(host), keys.hostBudget(host));
    }

    List<String> keys(String mxDomain) {
        String bucket = CalloutKeys.mxBucket(mxDomain);
        return List.of(
                keys.names().start(bucket),
                keys.names().reset(bucket),
                keys.mxRecord(mxDomain),
                keys.mxBudget(mxDomain));
    }

    List<String> arguments(ProbePermit permit, boolean askedAlone) {
        return List.of(
                time.argument(),
                flag(permit.reserved()),
                ScriptText.micros(limits.hostRate()),
                Integer.toString(limits.hostRate().burst()),
                ScriptText.hostIdle(limits.hostRate()),
                ScriptText.reset(askedAlone, limits),
                permit.scope().name());
    }

    /** Reads a reply; null if it is none. */
    @Nullable
    HostAdmission read(List<Object> reply) {
        if (reply.size() != FIELDS
                || !(reply.get(0) instanceof String kind)
                || !(reply.get(2) instanceof String value)
                || !time.replied(reply.get(1))) {
            return null;
        }
        HostEntry host = values.readHost(value);
        CalloutReason trouble = host.trouble();
        return switch (kind) {
            case "OPEN" -> new HostAdmission.Admitted(host);
            case "ATTACKED" -> new HostAdmission.UnderAttack();
            case "EXHAUSTED" -> new HostAdmission.RateLimited();
            // Trouble that only another release knows: it is not for this one to go there.
            case "BLOCKED" -> trouble == null ? new HostAdmission.RateLimited() : new HostAdmission.BackingOff(trouble);
            default -> null;
        };
    }
}
