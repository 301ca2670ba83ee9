package org.senderauth.spf;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.spf.syntax.Span;

/** Ends an evaluation before its regular end, from whatever depth. Never leaves this package; cheap to throw. */
abstract sealed class Halt extends Exception {

    private static final long serialVersionUID = 1L;

    private Halt(String message) {
        super(message, null, false, false);
    }

    /** The check is over: temperror or permerror. */
    static final class Stopped extends Halt {

        private static final long serialVersionUID = 1L;

        private final SpfVerdict verdict;
        private final transient SpfProblem problem;

        private Stopped(SpfVerdict verdict, SpfProblem problem) {
            super(problem.message());
            this.verdict = verdict;
            this.problem = problem;
        }

        static Stopped permerror(Target domain, @Nullable Span span, String message) {
            return new Stopped(SpfVerdict.PERMERROR, new SpfProblem(domain.text(), span, message));
        }

        static Stopped temperror(Target domain, @Nullable Span span, String message) {
            return new Stopped(SpfVerdict.TEMPERROR, new SpfProblem(domain.text(), span, message));
        }

        SpfVerdict verdict() {
            return verdict;
        }

        SpfProblem problem() {
            return problem;
        }
    }

    /** An answer is not there yet, and this thread must not wait: the evaluation is to begin again when it is. */
    static final class Pending extends Halt {

        private static final long serialVersionUID = 1L;

        private final transient CompletableFuture<DnsAnswer> answer;

        Pending(CompletableFuture<DnsAnswer> answer) {
            super("an answer is pending");
            this.answer = answer;
        }

        CompletableFuture<DnsAnswer> answer() {
            return answer;
        }
    }
}
