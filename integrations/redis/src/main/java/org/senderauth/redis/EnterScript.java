package org.senderauth.redis;

import static org.senderauth.redis.ScriptText.flag;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.CalloutReason;
import org.senderauth.callout.state.HostAdmission;
import org.senderauth.callout.state.HostRecord;
import org.senderauth.callout.state.Question;

/**
 * What {@link Script#ENTER} is told and what it replies. Thread-safe.
 *
 * @param keys where things are kept
 * @param limits the budgets
 * @param time translates between the clocks
 * @param values reads what is stored
 */
record EnterScript(CalloutKeys keys, CalloutLimits limits, RedisTime time, StoredValues values) {

    private static final int FIELDS = 3;

    List<String> keys(InetAddress host) {
        String bucket = CalloutKeys.bucket(host);
        return List.of(keys.names().start(bucket), keys.names().reset(bucket), keys.host(host), keys.hostBudget(host));
    }

    List<String> arguments(Question question, boolean askedAlone) {
        return List.of(
                time.argument(),
                flag(question.preferred()),
                ScriptText.micros(limits.perHost()),
                Integer.toString(limits.perHost().burst()),
                ScriptText.idle(limits.perHost()),
                ScriptText.reset(askedAlone, limits));
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
        HostRecord host = values.readHost(value);
        CalloutReason trouble = host.trouble();
        return switch (kind) {
            case "OPEN" -> new HostAdmission.Open(host);
            case "EXHAUSTED" -> new HostAdmission.Exhausted();
            // Trouble that only another release knows: it is not for this one to go there.
            case "BLOCKED" -> trouble == null ? new HostAdmission.Exhausted() : new HostAdmission.Blocked(trouble);
            default -> null;
        };
    }
}
