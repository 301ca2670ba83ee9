package org.senderauth.spf;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.spf.syntax.Span;

/** Ends an evaluation early, from any depth. Never leaves this package; cheap to throw. */
abstract sealed class EvaluationAbortedException extends Exception {

    private static final long serialVersionUID = 1L;

    private EvaluationAbortedException(String message) {
        super(message, null, false, false);
    }

    /** The check is over: temperror, permerror, or none because of a malformed identity. */
    static final class SpfErrorException extends EvaluationAbortedException {

        private static final long serialVersionUID = 1L;

        private final SpfVerdict verdict;
        private final transient SpfProblem problem;

        private SpfErrorException(SpfVerdict verdict, SpfProblem problem) {
            super(problem.message());
            this.verdict = verdict;
            this.problem = problem;
        }

        /** An error of the term that is being evaluated. */
        static SpfErrorException permerror(OpenRecord at, String message) {
            return permerror(at.domain, at.span(), message);
        }

        /** An error of the term that is being evaluated. */
        static SpfErrorException temperror(OpenRecord at, String message) {
            return new SpfErrorException(SpfVerdict.TEMPERROR, new SpfProblem(at.domain.text(), at.span(), message));
        }

        static SpfErrorException permerror(TargetDomain domain, @Nullable Span span, String message) {
            return new SpfErrorException(SpfVerdict.PERMERROR, new SpfProblem(domain.text(), span, message));
        }

        /** An error of a domain's record as a whole. */
        static SpfErrorException temperror(TargetDomain domain, String message) {
            return new SpfErrorException(SpfVerdict.TEMPERROR, new SpfProblem(domain.text(), null, message));
        }

        /** Section 4.3: there is no domain to check. */
        static SpfErrorException malformed(String message) {
            return new SpfErrorException(SpfVerdict.NONE, new SpfProblem("", null, message));
        }

        SpfVerdict verdict() {
            return verdict;
        }

        SpfProblem problem() {
            return problem;
        }
    }

    /** An answer is pending, and this thread must not wait: the evaluation restarts when it arrives. */
    static final class AnswerPendingException extends EvaluationAbortedException {

        private static final long serialVersionUID = 1L;

        private final transient CompletableFuture<DnsAnswer> answer;

        AnswerPendingException(CompletableFuture<DnsAnswer> answer) {
            super("an answer is pending");
            this.answer = answer;
        }

        CompletableFuture<DnsAnswer> answer() {
            return answer;
        }
    }
}
