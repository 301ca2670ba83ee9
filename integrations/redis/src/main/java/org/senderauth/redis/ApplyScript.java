package org.senderauth.redis;

import static org.senderauth.redis.ScriptText.flag;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.state.AddressEntry;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.DomainEntry;
import org.senderauth.callout.state.HostEntry;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateConstants;
import org.senderauth.callout.state.StateUpdate;

/**
 * The arguments of {@link Script#LEARN}, {@link Script#HOST} and {@link Script#CLIENT}. Thread-safe.
 *
 * @param keys where things are kept
 * @param limits the budgets
 * @param time translates between the clocks
 * @param values writes what is stored
 */
record ApplyScript(CalloutKeys keys, CalloutLimits limits, RedisClock time, ValueCodec values) {

    List<String> keys(StateUpdate update) {
        AdmissionRequest question = update.grant().question();
        String pattern = question.pattern() == null ? "" : question.pattern();
        List<String> all = new ArrayList<>(List.of(
                keys.budget(question),
                keys.lease(question),
                keys.facts(question),
                keys.proofs(question, pattern),
                keys.answer(question, pattern),
                keys.known(question)));
        update.addresses().keySet().forEach(address -> all.add(keys.answer(question, address)));
        return all;
    }

    List<String> arguments(StateUpdate update) {
        AdmissionRequest question = update.grant().question();
        DomainEntry facts = update.domain();
        AddressEntry proof = question.pattern() == null ? null : update.patternProof();
        List<String> all = new ArrayList<>(List.of(
                time.argument(),
                update.grant().token(),
                update.tally().name(),
                flag(question.preferred()),
                Integer.toString(limits.forgeryThreshold()),
                ScriptText.idle(limits.domainRate()),
                facts == null ? "" : values.write(facts),
                facts == null ? "" : end(facts.keepUntil()),
                proof == null ? "" : KeyNames.member(question.address()),
                proof == null ? "" : values.write(proof),
                proof == null ? "" : end(proof.keepUntil()),
                Integer.toString(StateUpdate.PROOFS),
                ScriptText.millis(StateConstants.PATTERN_WINDOW)));
        update.addresses().values().forEach(record -> {
            all.add(values.write(record));
            all.add(end(record.keepUntil()));
        });
        return all;
    }

    /** For a mail server that was met. */
    List<String> ofHost(@Nullable HostEntry host, StateUpdate.@Nullable Tally tally, ProbePermit permit) {
        return List.of(
                time.argument(),
                host == null ? "" : values.write(host),
                host == null ? "" : end(host.keepUntil()),
                tally == null ? "" : tally.name(),
                permit.scope().name(),
                Integer.toString(limits.forgeryThreshold()),
                ScriptText.hostIdle(limits.hostRate()));
    }

    /** For a client's bad sender. */
    String[] ofClient(AdmissionRequest question) {
        return new String[] {
            time.argument(),
            KeyNames.member(question.address()),
            Integer.toString(limits.clientFailureLimit()),
            ScriptText.millis(StateConstants.CLIENT_WINDOW)
        };
    }

    private String end(Instant time) {
        return Long.toString(this.time.toRedis(time));
    }
}
