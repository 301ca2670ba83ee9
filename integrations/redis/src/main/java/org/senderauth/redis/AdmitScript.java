package org.senderauth.redis;

import static org.senderauth.redis.ScriptText.flag;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutLimiter;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.state.AddressEntry;
import org.senderauth.callout.state.Admission;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateConstants;

/**
 * The arguments and replies of {@link Script#ADMIT}. Thread-safe.
 *
 * @param keys where things are kept
 * @param limits the budgets
 * @param deadline how long a host waits for a reply
 * @param time translates between the clocks
 * @param values reads what is stored
 * @param across what a cluster cannot decide in the same step; null for a single Redis, which can
 */
record AdmitScript(
        CalloutKeys keys,
        CalloutLimits limits,
        Duration deadline,
        RedisClock time,
        ValueCodec values,
        @Nullable CrossSlotLimits across) {

    private static final int FIELDS = 11;

    // The places of some keys.
    private static final int FACTS = 2;
    private static final int BUDGET = 3;
    private static final int ANSWERS = 8;

    List<String> keys(AdmissionRequest question) {
        KeyNames names = keys.names();
        String bucket = CalloutKeys.bucket(question);
        List<String> all = new ArrayList<>(List.of(
                names.start(bucket),
                names.reset(bucket),
                keys.facts(question),
                keys.budget(question),
                keys.lease(question),
                keys.running(question),
                keys.known(question),
                keys.forgotten(question.registrable(), question.domain()),
                keys.answer(question, question.address())));
        question.families().forEach(family -> all.add(keys.answer(question, family)));
        if (across == null) {
            all.add(names.overall());
            all.add(keys.client(question));
        }
        return all;
    }

    /** The names of those keys that an administrator may list. */
    Map<String, String> names(AdmissionRequest question, List<String> keys) {
        Map<String, String> names = new HashMap<>();
        names.put(keys.get(FACTS), question.domain());
        names.put(keys.get(BUDGET), question.registrable());
        names.put(keys.get(ANSWERS), question.address());
        List<String> families = question.families();
        for (int i = 0; i < families.size(); i++) {
            names.put(keys.get(ANSWERS + 1 + i), families.get(i));
        }
        names.put(across == null ? keys.get(keys.size() - 1) : this.keys.client(question), question.client());
        return names;
    }

    List<String> arguments(AdmissionRequest question, String token, boolean askedAlone) {
        boolean overallSpent = across != null && across.isOverallSpent(false);
        boolean reserveSpent = across != null && across.isOverallSpent(true);
        boolean clientExhausted = across != null && across.isExhausted(question.client());
        return List.of(
                time.argument(),
                token,
                flag(question.mayProbe()),
                flag(question.preferred()),
                Integer.toString(question.boost()),
                Integer.toString(question.families().size()),
                ScriptText.micros(limits.domainRate()),
                Integer.toString(limits.domainRate().burst()),
                Integer.toString(limits.probesPerDomain()),
                ScriptText.idle(limits.domainRate()),
                ScriptText.reset(askedAlone, limits),
                ScriptText.millis(StateConstants.LEASE),
                ScriptText.micros(limits.overall()),
                Integer.toString(limits.overall().burst()),
                Integer.toString(limits.clientFailureLimit()),
                flag(overallSpent),
                flag(clientExhausted),
                time.after(deadline),
                flag(reserveSpent),
                ScriptText.millis(StateConstants.NEW_DOMAIN));
    }

    /** Tests whether a reply has created a lease. */
    static boolean isGrant(List<Object> reply) {
        return !reply.isEmpty()
                && (reply.get(0).equals("GRANTED") || reply.get(0).equals("REFRESH"));
    }

    /**
     * Reads a reply.
     *
     * @return the admission; null if the reply is malformed. One without a permit where {@link #isGrant} is true has an
     *     answer that only another release can read: then no host is probed, and the sender stays undecided
     */
    @Nullable
    Admission read(List<Object> reply, AdmissionRequest question, String token) {
        if (reply.size() != FIELDS
                || !(reply.get(0) instanceof String kind)
                || !(reply.get(2) instanceof String limiter)
                || !(reply.get(3) instanceof String answer)
                || !time.replied(reply.get(1))) {
            return null;
        }
        return switch (kind) {
            case "RUNNING" -> new Admission.Running();
            case "LIMITED" -> limiter(limiter);
            // In time all the same: a clock was set, and from this reply on it is known how far.
            case "LATE" -> new Admission.Limited(CalloutLimiter.OVERALL);
            case "GRANTED" -> {
                ProbePermit grant = grant(reply, question, token);
                yield grant == null ? null : new Admission.Granted(grant);
            }
            case "KNOWN" -> known(reply, answer, null);
            case "REFRESH" -> {
                ProbePermit grant = grant(reply, question, token);
                yield grant == null ? null : known(reply, answer, grant);
            }
            default -> null;
        };
    }

    private static @Nullable Admission limiter(String name) {
        try {
            return new Admission.Limited(CalloutLimiter.valueOf(name));
        } catch (IllegalArgumentException unknown) {
            return null;
        }
    }

    private Admission known(List<Object> reply, String answer, @Nullable ProbePermit refresh) {
        AddressEntry record = values.readRecord(answer);
        if (record == null) {
            return new Admission.Limited(CalloutLimiter.OVERALL);
        }
        boolean ofDomain = Long.valueOf(1).equals(reply.get(4));
        boolean stale = Long.valueOf(1).equals(reply.get(5));
        return new Admission.Known(record, ofDomain, stale, refresh);
    }

    private @Nullable ProbePermit grant(List<Object> reply, AdmissionRequest question, String token) {
        if (!(reply.get(6) instanceof String prior)
                || !(reply.get(7) instanceof Long family)
                || !(reply.get(8) instanceof String familyAnswer)
                || !(reply.get(9) instanceof String facts)
                || !(reply.get(10) instanceof Long reserved)
                || family < 0
                || family > question.families().size()) {
            return null;
        }
        if (across != null) {
            across.spend(reserved == 1);
        }
        AddressEntry ofFamily = family == 0 ? null : values.readRecord(familyAnswer);
        return new ProbePermit(
                question,
                token,
                values.readRecord(prior),
                ofFamily == null
                        ? null
                        : new ProbePermit.PatternAnswer(question.families().get((int) (family - 1)), ofFamily),
                values.readFacts(facts).at(time.clock().instant()),
                reserved == 1);
    }
}
