package org.senderauth.spf;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.spf.syntax.SpfParse;
import org.senderauth.spf.syntax.Term;
import org.xbill.DNS.Name;

/**
 * What happened while one domain's record was evaluated, as a tree: an {@code include} or {@code redirect} step holds
 * the trace of the domain that it led to. Immutable.
 *
 * @param domain the domain
 * @param questions the question for its record and the answer; empty if the domain is none that can be asked for
 * @param record the record as it was read; null if there is none or not exactly one
 * @param steps the terms that were evaluated, in order
 * @param verdict how it ended; an error within an include is the error of all domains that led to it
 * @param problem why it ended so; null unless the verdict is an error
 */
public record SpfTrace(
        String domain,
        List<Question> questions,
        @Nullable SpfParse record,
        List<Step> steps,
        SpfVerdict verdict,
        @Nullable SpfProblem problem) {

    /**
     * Makes a trace; the lists are copied.
     *
     * @param domain the domain
     * @param questions the question for its record
     * @param record the record
     * @param steps the terms that were evaluated
     * @param verdict how it ended
     * @param problem why it ended so
     */
    public SpfTrace {
        questions = List.copyOf(questions);
        steps = List.copyOf(steps);
    }

    /**
     * One question to the DNS that the check needed, with its answer.
     *
     * @param name the name
     * @param type the record type as in {@link org.xbill.DNS.Type}
     * @param answer what the DNS said
     */
    public record Question(Name name, int type, DnsAnswer answer) {}

    /** What became of a term. */
    public enum Outcome {
        /** The mechanism matched and its qualifier is the verdict. */
        MATCH,
        /** The mechanism did not match. */
        NO_MATCH,
        /** The modifier's domain took over. */
        REDIRECTED,
        /** The domain's explanation was found. */
        EXPLAINED,
        /** The domain's explanation cannot be used, so there is none. */
        NOT_EXPLAINED,
        /** The check ended here with an error. */
        ERROR
    }

    /**
     * One term that was evaluated.
     *
     * @param term the term, with its place in the record
     * @param target the domain that it means, macros expanded; null if it means none
     * @param questions what was asked for it, in order, with the answers
     * @param nested the domain that an {@code include} or {@code redirect} led to; null for other terms
     * @param outcome what became of it
     * @param lookups how many terms that ask the DNS the whole check has counted behind this term
     * @param voidLookups how many void lookups the whole check has counted behind this term
     */
    public record Step(
            Term term,
            @Nullable String target,
            List<Question> questions,
            @Nullable SpfTrace nested,
            Outcome outcome,
            int lookups,
            int voidLookups) {

        /**
         * Makes a step; the list is copied.
         *
         * @param term the term
         * @param target the domain that it means
         * @param questions what was asked for it
         * @param nested the domain that it led to
         * @param outcome what became of it
         * @param lookups terms counted so far
         * @param voidLookups void lookups counted so far
         */
        public Step {
            questions = List.copyOf(questions);
        }
    }
}
