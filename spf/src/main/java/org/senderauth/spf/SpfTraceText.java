package org.senderauth.spf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SafeText;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.SpfTrace.Outcome;
import org.senderauth.spf.syntax.Mechanism;
import org.senderauth.spf.syntax.RecordExcerpt;
import org.senderauth.spf.syntax.Span;
import org.senderauth.spf.syntax.SpfParseResult;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** The trace of an SPF check as a tree of text in printable ASCII, 80 columns wide where names allow it. */
public final class SpfTraceText {

    private static final int WIDTH = 80;
    private static final int TERM_COLUMN = 44;
    /** The maximum number of records that are shown of one answer. */
    private static final int MAX_SHOWN = 8;

    private static final char[] SPACES = " ".repeat(TERM_COLUMN + 1).toCharArray();

    // All lines, each with its newline: a service makes the text for each decision that it keeps.
    private final StringBuilder out = new StringBuilder(512);
    private final SpfLimits limits;
    private final Deque<String> path = new ArrayDeque<>();

    private SpfTraceText(SpfLimits limits) {
        this.limits = limits;
    }

    /**
     * Returns the result in one line.
     *
     * @param result the result
     * @return the verdict, the term that decided, and the reason
     */
    public static String summary(SpfResult result) {
        String mechanism = result.mechanism()
                .map(text -> " (" + SafeText.ascii(text) + ")")
                .orElse("");
        return result.verdict().text() + mechanism + ": " + SafeText.ascii(result.reason());
    }

    /**
     * Returns what a check has used of its limits.
     *
     * @param result the result
     * @param limits the limits of the verifier
     * @return the numbers, on one line
     */
    public static String used(SpfResult result, SpfLimits limits) {
        return result.lookups() + " of " + limits.lookups() + " DNS lookups, " + result.voidLookups() + " of "
                + limits.voidLookups() + " void lookups";
    }

    /**
     * Returns a check as text: each query with its answer, each term with its outcome, and the result.
     *
     * @param result the result
     * @param trace its trace
     * @param limits the limits of the verifier
     * @return the lines
     */
    public static List<String> lines(SpfResult result, SpfTrace trace, SpfLimits limits) {
        return text(result, trace, limits).lines().toList();
    }

    /**
     * Returns the same in one text.
     *
     * @param result the result
     * @param trace its trace
     * @param limits the limits of the verifier
     * @return the lines, each with a newline at its end
     */
    public static String text(SpfResult result, SpfTrace trace, SpfLimits limits) {
        SpfTraceText text = new SpfTraceText(limits);
        text.print(result, trace);
        return text.out.toString();
    }

    private void print(SpfResult result, SpfTrace trace) {
        check(trace, "", false);
        out.append('\n');
        line("", summary(result));
        result.problem().ifPresent(problem -> {
            line("", "problem: " + problem);
            List<String> domains = errorPath(trace);
            if (domains.size() > 1) {
                line("", "path: " + String.join(" > ", domains));
            }
        });
        result.explanation().ifPresent(text -> line("", "the domain explains: " + text));
        out.append("used: ").append(used(result, limits)).append('\n');
    }

    // The domains from the checked one to that of the error; a loop ends it.
    private static List<String> errorPath(SpfTrace trace) {
        List<String> domains = new ArrayList<>();
        SpfTrace current = trace;
        while (current != null) {
            String domain = SafeText.ascii(current.domain());
            boolean loop = domains.contains(domain);
            domains.add(domain);
            current = loop ? null : nestedError(current);
        }
        return domains;
    }

    private static @Nullable SpfTrace nestedError(SpfTrace trace) {
        if (trace.problem().isEmpty() || trace.steps().isEmpty()) {
            return null;
        }
        return trace.steps()
                .get(trace.steps().size() - 1)
                .nested()
                .filter(nested -> nested.problem().isPresent())
                .orElse(null);
    }

    private void check(SpfTrace trace, String indent, boolean included) {
        questions(trace.questions(), indent);
        if (trace.questions().isEmpty()) {
            line(indent, "\"" + SafeText.ascii(trace.domain()) + "\" cannot have an SPF record");
        }
        path.addLast(trace.domain());
        boolean errorIsNested = nestedError(trace) != null;
        int steps = trace.steps().size();
        for (int i = 0; i < steps; i++) {
            boolean last = i == steps - 1 && (trace.problem().isEmpty() || errorIsNested);
            step(trace, trace.steps().get(i), indent, last);
        }
        path.removeLast();
        end(trace, indent, included, errorIsNested);
    }

    private void end(SpfTrace trace, String indent, boolean included, boolean errorIsNested) {
        String text = trace.verdict().text();
        SpfProblem problem = trace.problem().orElse(null);
        if (problem != null) {
            if (errorIsNested) {
                return;
            }
            line(indent, "`- " + text + ": " + SafeText.ascii(problem.message()));
            SpfParseResult record = trace.record().orElse(null);
            Span span = problem.span().orElse(null);
            if (span != null && problem.domain().equals(trace.domain()) && record != null) {
                RecordExcerpt.of(record.text(), span, Math.max(30, WIDTH - indent.length() - 3))
                        .forEach(line ->
                                out.append(indent).append("   ").append(line).append('\n'));
            }
            return;
        }
        if (trace.record().isPresent() && noneMatched(trace)) {
            out.append(indent).append("   no term matched: ").append(text).append('\n');
        }
        if (included) {
            boolean matches = trace.verdict() == SpfVerdict.PASS;
            // RFC 7208 section 5.2: only a pass of the included record is a match.
            line(indent, "   " + text + " here: the include " + (matches ? "matches" : "does not match"));
        }
    }

    private static boolean noneMatched(SpfTrace trace) {
        for (SpfTrace.Step step : trace.steps()) {
            if (step.outcome() == Outcome.MATCH || step.outcome() == Outcome.REDIRECTED) {
                return false;
            }
        }
        return true;
    }

    private void step(SpfTrace trace, SpfTrace.Step step, String indent, boolean last) {
        int start = out.length();
        int textStart = start + indent.length() + 3;
        out.append(indent).append(last ? "`- " : "|- ");
        SpfParseResult record = trace.record().orElse(null);
        out.append(
                record == null
                        ? step.term().name()
                        : SafeText.ascii(step.term().span().of(record.text())));
        String target = step.target().orElse(null);
        if (target != null && !endsWith(textStart, target)) {
            out.append(" -> ").append(SafeText.ascii(target));
        }
        int length = out.length() - start;
        if (length <= TERM_COLUMN) {
            pad(TERM_COLUMN + 1 - length);
        } else {
            endLine(start, indent);
            out.append(indent).append(last ? "   " : "|  ");
            pad(TERM_COLUMN - 2 - indent.length());
        }
        outcome(step);
        out.append('\n');

        SpfTrace nested = step.nested().orElse(null);
        if (nested == null && step.questions().isEmpty()) {
            return;
        }
        String below = indent + (last ? "   " : "|  ");
        questions(step.questions(), below);
        if (nested != null && path.contains(nested.domain())) {
            List<String> loop = new ArrayList<>(path);
            loop.add(nested.domain());
            line(below, "loop: " + SafeText.ascii(String.join(" > ", loop)) + ", up to the DNS lookup limit");
        } else if (nested != null) {
            check(nested, below, step.term() instanceof Mechanism.Include);
        }
    }

    // Whether the term that begins at a position ends with its target, which is not repeated then.
    private boolean endsWith(int textStart, String target) {
        int at = out.length() - target.length();
        return at > textStart
                && (out.charAt(at - 1) == ':' || out.charAt(at - 1) == '=')
                && CharSequence.compare(out.subSequence(at, out.length()), target) == 0;
    }

    private void pad(int spaces) {
        out.append(SPACES, 0, Math.max(0, spaces));
    }

    private void outcome(SpfTrace.Step step) {
        out.append(
                switch (step.outcome()) {
                    case MATCH -> "MATCH";
                    case NO_MATCH -> "no match";
                    case REDIRECTED -> "redirected";
                    case EXPLAINED -> "explanation";
                    case NOT_EXPLAINED -> "explanation unusable";
                    case ERROR -> "error";
                });
        boolean counted = step.term() instanceof Mechanism mechanism
                ? mechanism.countsAsLookup() && step.outcome() != Outcome.ERROR
                : step.outcome() == Outcome.REDIRECTED;
        if (counted) {
            out.append(" (lookups ").append(step.lookups()).append('/').append(limits.lookups());
            out.append(", void ").append(step.voidLookups()).append('/').append(limits.voidLookups());
            out.append(')');
        }
    }

    private void questions(List<SpfTrace.Question> questions, String indent) {
        for (SpfTrace.Question question : questions) {
            int start = out.length();
            out.append(indent).append("? ").append(Type.string(question.type())).append(' ');
            out.append(SafeText.ascii(DomainNames.text(question.name()))).append(": ");
            out.append(answer(question.answer()));
            endLine(start, indent);
        }
    }

    /**
     * Returns a DNS answer as text.
     *
     * @param answer the answer
     * @return the text, on one line; it has at most eight records
     */
    public static String answer(DnsAnswer answer) {
        if (answer instanceof DnsAnswer.Records records) {
            StringBuilder text = new StringBuilder();
            for (Name alias : records.aliases()) {
                text.append("CNAME ").append(DomainNames.text(alias)).append(": ");
            }
            int shown = Math.min(MAX_SHOWN, records.records().size());
            for (int i = 0; i < shown; i++) {
                text.append(i == 0 ? "" : ", ").append(data(records.records().get(i)));
            }
            int more = records.records().size() - shown;
            return SafeText.ascii(text.toString()) + (more > 0 ? " and " + more + " more" : "");
        }
        if (answer instanceof DnsAnswer.NoData) {
            return "NODATA (no such record)";
        }
        if (answer instanceof DnsAnswer.NoSuchDomain) {
            return "NXDOMAIN";
        }
        DnsAnswer.Unavailable failure = (DnsAnswer.Unavailable) answer;
        return "no response (" + SafeText.ascii(failure.detail()) + ")";
    }

    private static String data(Record record) {
        if (record instanceof TXTRecord txt) {
            return '"' + new String(DnsAnswer.Records.text(txt), StandardCharsets.ISO_8859_1) + '"';
        }
        String data = record.rdataToString();
        return data.endsWith(".") && data.length() > 1 ? data.substring(0, data.length() - 1) : data;
    }

    private void line(String indent, String text) {
        int start = out.length();
        out.append(indent).append(text);
        endLine(start, indent);
    }

    // Ends the line that begins at a position with an indent. A long one is broken at spaces, with further lines
    // indented; a word that is too long is broken at the end of the line.
    private void endLine(int start, String indent) {
        int width = Math.max(30, WIDTH - indent.length());
        int from = start + indent.length();
        if (out.length() - from > width) {
            String rest = out.substring(from);
            out.setLength(from);
            while (rest.length() > width) {
                int space = rest.lastIndexOf(' ', width);
                int at = space > 4 ? space : width;
                out.append(rest, 0, at).append('\n').append(indent);
                rest = "    " + rest.substring(at).stripLeading();
            }
            out.append(rest);
        }
        out.append('\n');
    }
}
