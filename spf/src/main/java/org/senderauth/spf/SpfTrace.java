package org.senderauth.spf;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.spf.syntax.SpfParseResult;
import org.senderauth.spf.syntax.Term;
import org.xbill.DNS.Name;

/**
 * The evaluation of one domain's record, as a tree: an {@code include} or {@code redirect} step contains the trace of
 * its target. Immutable.
 */
public final class SpfTrace {

    private final String domain;
    private final List<Question> questions;
    private final @Nullable SpfParseResult record;
    private final List<Step> steps;
    private final SpfVerdict verdict;
    private final @Nullable SpfProblem problem;

    SpfTrace(
            String domain,
            List<Question> questions,
            @Nullable SpfParseResult record,
            List<Step> steps,
            SpfVerdict verdict,
            @Nullable SpfProblem problem) {
        this.questions = List.copyOf(questions);
        this.steps = List.copyOf(steps);
        this.domain = domain;
        this.record = record;
        this.verdict = verdict;
        this.problem = problem;
    }

    /** {@return the domain} */
    public String domain() {
        return domain;
    }

    /** {@return the query for its record; empty if the domain name is not valid} */
    public List<Question> questions() {
        return questions;
    }

    /** {@return the parsed record; empty unless there is exactly one} */
    public Optional<SpfParseResult> record() {
        return Optional.ofNullable(record);
    }

    /** {@return the terms that were evaluated, in order} */
    public List<Step> steps() {
        return steps;
    }

    /** {@return the result; an error within an include is the error of all domains on its path} */
    public SpfVerdict verdict() {
        return verdict;
    }

    /** {@return the reason for an error; empty for other results} */
    public Optional<SpfProblem> problem() {
        return Optional.ofNullable(problem);
    }

    /**
     * A DNS query of the check, with its answer.
     *
     * @param name the name
     * @param type the record type as in {@link org.xbill.DNS.Type}
     * @param answer the answer
     */
    public record Question(Name name, int type, DnsAnswer answer) {}

    /** The outcome of a term. */
    public enum Outcome {
        /** The mechanism matched and its qualifier is the result. */
        MATCH,
        /** The mechanism did not match. */
        NO_MATCH,
        /** The redirect target is evaluated instead. */
        REDIRECTED,
        /** The domain's explanation was found. */
        EXPLAINED,
        /** The domain's explanation is unusable. */
        NOT_EXPLAINED,
        /** The check ended here with an error. */
        ERROR
    }

    /** One term that was evaluated. */
    public static final class Step {

        private final Term term;
        private final @Nullable String target;
        private final List<Question> questions;
        private final @Nullable SpfTrace nested;
        private final Outcome outcome;
        private final int lookups;
        private final int voidLookups;

        Step(
                Term term,
                @Nullable String target,
                List<Question> questions,
                @Nullable SpfTrace nested,
                Outcome outcome,
                int lookups,
                int voidLookups) {
            this.questions = List.copyOf(questions);
            this.term = term;
            this.target = target;
            this.nested = nested;
            this.outcome = outcome;
            this.lookups = lookups;
            this.voidLookups = voidLookups;
        }

        /** {@return the term, with its position in the record} */
        public Term term() {
            return term;
        }

        /** {@return its target domain, macros expanded; empty for terms without one} */
        public Optional<String> target() {
            return Optional.ofNullable(target);
        }

        /** {@return its queries in order, with the answers} */
        public List<Question> questions() {
            return questions;
        }

        /** {@return the trace of the target of an {@code include} or {@code redirect}; empty for other terms} */
        public Optional<SpfTrace> nested() {
            return Optional.ofNullable(nested);
        }

        /** {@return the outcome} */
        public Outcome outcome() {
            return outcome;
        }

        /** {@return the DNS lookups of the whole check after this term} */
        public int lookups() {
            return lookups;
        }

        /** {@return the void lookups of the whole check after this term} */
        public int voidLookups() {
            return voidLookups;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Step that
                    && term.equals(that.term)
                    && Objects.equals(target, that.target)
                    && questions.equals(that.questions)
                    && Objects.equals(nested, that.nested)
                    && outcome.equals(that.outcome)
                    && lookups == that.lookups
                    && voidLookups == that.voidLookups;
        }

        @Override
        public int hashCode() {
            return Objects.hash(term, target, questions, nested, outcome, lookups, voidLookups);
        }

        @Override
        public String toString() {
            return "Step[term=" + term + ", target=" + target + ", questions=" + questions + ", nested=" + nested
                    + ", outcome=" + outcome + ", lookups=" + lookups + ", voidLookups=" + voidLookups + "]";
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SpfTrace that
                && domain.equals(that.domain)
                && questions.equals(that.questions)
                && Objects.equals(record, that.record)
                && steps.equals(that.steps)
                && verdict == that.verdict
                && Objects.equals(problem, that.problem);
    }

    @Override
    public int hashCode() {
        return Objects.hash(domain, questions, record, steps, verdict, problem);
    }

    @Override
    public String toString() {
        return "SpfTrace[domain=" + domain + ", questions=" + questions + ", record=" + record + ", steps=" + steps
                + ", verdict=" + verdict + ", problem=" + problem + "]";
    }
}
