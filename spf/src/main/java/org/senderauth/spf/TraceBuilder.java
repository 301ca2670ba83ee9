package org.senderauth.spf;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.spf.SpfTrace.Outcome;
import org.senderauth.spf.SpfTrace.Question;
import org.senderauth.spf.syntax.SpfParseResult;
import org.senderauth.spf.syntax.Term;
import org.xbill.DNS.Name;

/** Collects the trace of one evaluation. Used by one thread. */
final class TraceBuilder implements EvaluationTrace {

    private static final class Check {
        final String domain;
        final @Nullable Check parent;
        final @Nullable Step parentStep;
        final List<Question> questions = new ArrayList<>(1);
        final List<Step> steps = new ArrayList<>();

        @Nullable
        SpfParseResult record;

        SpfVerdict verdict = SpfVerdict.NONE;

        @Nullable
        SpfProblem problem;

        Check(String domain, @Nullable Check parent, @Nullable Step parentStep) {
            this.domain = domain;
            this.parent = parent;
            this.parentStep = parentStep;
        }

        SpfTrace freeze() {
            SpfTrace.Step[] frozen = new SpfTrace.Step[steps.size()];
            for (int i = 0; i < frozen.length; i++) {
                frozen[i] = steps.get(i).freeze();
            }
            return new SpfTrace(domain, questions, record, List.of(frozen), verdict, problem);
        }
    }

    private static final class Step {
        final Term term;
        // Few terms cause a query.
        List<Question> questions = List.of();

        @Nullable
        String target;

        @Nullable
        Check nested;

        Outcome outcome = Outcome.ERROR;
        boolean ended;
        int lookups;
        int voidLookups;

        Step(Term term) {
            this.term = term;
        }

        void end(Outcome how, LookupCounter budget) {
            outcome = how;
            lookups = budget.lookups();
            voidLookups = budget.voidLookups();
            ended = true;
        }

        SpfTrace.Step freeze() {
            return new SpfTrace.Step(
                    term, target, questions, nested == null ? null : nested.freeze(), outcome, lookups, voidLookups);
        }
    }

    private @Nullable Check root;
    private @Nullable Check check;
    private @Nullable Step step;

    @Override
    public void enter(String domain) {
        Check entered = new Check(domain, check, step);
        if (root == null) {
            root = entered;
        }
        if (step != null) {
            step.nested = entered;
        }
        check = entered;
        step = null;
    }

    @Override
    public void record(SpfParseResult record) {
        open().record = record;
    }

    @Override
    public void step(Term term) {
        step = new Step(term);
        open().steps.add(step);
    }

    @Override
    public void target(String target) {
        if (step != null) {
            step.target = target;
        }
    }

    @Override
    public void asked(Name name, int type, DnsAnswer answer) {
        Question question = new Question(name, type, answer);
        if (step == null) {
            open().questions.add(question);
            return;
        }
        if (step.questions.isEmpty()) {
            step.questions = new ArrayList<>(2);
        }
        step.questions.add(question);
    }

    @Override
    public void stepEnds(Outcome outcome, LookupCounter budget) {
        if (step != null) {
            step.end(outcome, budget);
        }
        step = null;
    }

    @Override
    public void redirects(LookupCounter budget) {
        if (step != null) {
            step.end(Outcome.REDIRECTED, budget);
        }
    }

    @Override
    public void leave(SpfVerdict verdict, @Nullable SpfProblem problem, LookupCounter budget) {
        Check left = open();
        if (step != null && !step.ended) {
            step.end(Outcome.ERROR, budget);
        }
        left.verdict = verdict;
        left.problem = problem;
        check = left.parent;
        step = left.parentStep;
    }

    @Override
    public int depth() {
        int depth = 0;
        for (Check open = check; open != null; open = open.parent) {
            depth++;
        }
        return depth;
    }

    @Override
    public SpfTrace freeze() {
        return Objects.requireNonNull(root).freeze();
    }

    private Check open() {
        return Objects.requireNonNull(check, "no domain is being evaluated");
    }
}
