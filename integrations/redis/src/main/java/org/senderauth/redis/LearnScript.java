package org.senderauth.redis;

import static org.senderauth.redis.ScriptText.flag;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.state.AddressRecord;
import org.senderauth.callout.state.DomainFacts;
import org.senderauth.callout.state.HostRecord;
import org.senderauth.callout.state.Lesson;
import org.senderauth.callout.state.Question;
import org.senderauth.callout.state.StateRules;

/**
 * What {@link Script#LEARN}, {@link Script#HOST} and {@link Script#CLIENT} are told. Thread-safe.
 *
 * @param keys where things are kept
 * @param limits the budgets
 * @param time translates between the clocks
 * @param values writes what is stored
 */
record LearnScript(CalloutKeys keys, CalloutLimits limits, RedisTime time, StoredValues values) {

    List<String> keys(Lesson lesson) {
        Question question = lesson.grant().question();
        String pattern = question.pattern() == null ? "" : question.pattern();
        List<String> all = new ArrayList<>(List.of(
                keys.budget(question),
                keys.lease(question),
                keys.facts(question),
                keys.proofs(question, pattern),
                keys.answer(question, pattern)));
        lesson.addresses().keySet().forEach(address -> all.add(keys.answer(question, address)));
        return all;
    }

    List<String> arguments(Lesson lesson) {
        Question question = lesson.grant().question();
        DomainFacts facts = lesson.domain();
        AddressRecord proof = question.pattern() == null ? null : lesson.patternProof();
        List<String> all = new ArrayList<>(List.of(
                time.argument(),
                lesson.grant().token(),
                lesson.tally().name(),
                flag(question.preferred()),
                Integer.toString(limits.forgeriesPerDomain()),
                ScriptText.idle(limits.perDomain()),
                facts == null ? "" : values.write(facts),
                facts == null ? "" : end(facts.keepUntil()),
                proof == null ? "" : KeyNames.member(question.address()),
                proof == null ? "" : values.write(proof),
                proof == null ? "" : end(proof.keepUntil()),
                Integer.toString(Lesson.PROOFS),
                ScriptText.millis(StateRules.PATTERN_WINDOW)));
        lesson.addresses().values().forEach(record -> {
            all.add(values.write(record));
            all.add(end(record.keepUntil()));
        });
        return all;
    }

    /** For a mail server that was met. */
    String[] ofHost(HostRecord host) {
        return new String[] {time.argument(), values.write(host), end(host.keepUntil())};
    }

    /** For a client's bad sender. */
    String[] ofClient(Question question) {
        return new String[] {
            time.argument(),
            KeyNames.member(question.address()),
            Integer.toString(limits.badSendersPerClient()),
            ScriptText.millis(StateRules.CLIENT_WINDOW)
        };
    }

    private String end(Instant time) {
        return Long.toString(this.time.toRedis(time));
    }
}
