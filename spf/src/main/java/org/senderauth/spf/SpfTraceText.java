package org.senderauth.spf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SafeText;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.SpfTrace.Outcome;
import org.senderauth.spf.syntax.Mechanism;
import org.senderauth.spf.syntax.RecordExcerpt;
import org.senderauth.spf.syntax.Span;
import org.senderauth.spf.syntax.SpfParseResult;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** The trace of an SPF check as a tree of text in printable ASCII, 80 columns wide where names allow it. */
public final class SpfTraceText {

    private static final int WIDTH = 80;
    private static final int TERM_COLUMN = 44;
    /** The maximum number of records that are shown of one answer. */
    private static final int MAX_SHOWN = 8;

    private final List<String> out = new ArrayList<>();
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
        SpfTraceText text = new SpfTraceText(limits);
        text.print(result, trace);
        return text.out;
    }

    private void print(SpfResult result, SpfTrace trace) {
        check(trace, "", false);
        out.add("");
        wrapped("", summary(result));
        result.problem().ifPresent(problem -> {
            wrapped("", "problem: " + problem);
            List<String> domains = errorPath(trace);
            if (domains.size() > 1) {
                wrapped("", "path: " + String.join(" > ", domains));
            }
        });
        result.explanation().ifPresent(text -> wrapped("", "the domain explains: " + text));
        out.add("used: " + used(result, limits));
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
        trace.questions().forEach(question -> question(question, indent));
        if (trace.questions().isEmpty()) {
            wrapped(indent, "\"" + SafeText.ascii(trace.domain()) + "\" cannot have an SPF record");
        }
        path.addLast(trace.domain());
        boolean errorIsNested = nestedError(trace) != null;
        for (int i = 0; i < trace.steps().size(); i++) {
            boolean last = i == trace.steps().size() - 1 && (trace.problem().isEmpty() || errorIsNested);
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
            wrapped(indent, "`- " + text + ": " + SafeText.ascii(problem.message()));
            SpfParseResult record = trace.record().orElse(null);
            Span span = problem.span().orElse(null);
            if (span != null && problem.domain().equals(trace.domain()) && record != null) {
                RecordExcerpt.of(record.text(), span, Math.max(30, WIDTH - indent.length() - 3))
                        .forEach(line -> out.add(indent + "   " + line));
            }
            return;
        }
        if (trace.record().isPresent() && noneMatched(trace)) {
            out.add(indent + "   no term matched: " + text);
        }
        if (included) {
            boolean matches = trace.verdict() == SpfVerdict.PASS;
            // RFC 7208 section 5.2: only a pass of the included record is a match.
            wrapped(indent, "   " + text + " here: the include " + (matches ? "matches" : "does not match"));
        }
    }

    private static boolean noneMatched(SpfTrace trace) {
        return trace.steps().stream()
                .noneMatch(step -> step.outcome() == Outcome.MATCH || step.outcome() == Outcome.REDIRECTED);
    }

    private void step(SpfTrace trace, SpfTrace.Step step, String indent, boolean last) {
        String text = trace.record()
                .map(record -> SafeText.ascii(step.term().span().of(record.text())))
                .orElse(step.term().name());
        String target = step.target()
                .filter(domain -> !text.endsWith(":" + domain) && !text.endsWith("=" + domain))
                .map(domain -> " -> " + SafeText.ascii(domain))
                .orElse("");
        String head = indent + (last ? "`- " : "|- ") + text + target;
        String outcome = outcome(step);
        if (head.length() <= TERM_COLUMN) {
            out.add(head + " ".repeat(TERM_COLUMN + 1 - head.length()) + outcome);
        } else {
            wrapped(indent, head.substring(indent.length()));
            out.add(indent
                    + (last ? "   " : "|  ")
                    + " ".repeat(Math.max(0, TERM_COLUMN - 2 - indent.length()))
                    + outcome);
        }
        String below = indent + (last ? "   " : "|  ");
        step.questions().forEach(question -> question(question, below));
        SpfTrace nested = step.nested().orElse(null);
        if (nested != null && path.contains(nested.domain())) {
            List<String> loop = new ArrayList<>(path);
            loop.add(nested.domain());
            wrapped(below, "loop: " + SafeText.ascii(String.join(" > ", loop)) + ", up to the DNS lookup limit");
        } else if (nested != null) {
            check(nested, below, step.term() instanceof Mechanism.Include);
        }
    }

    private String outcome(SpfTrace.Step step) {
        String used = step.term() instanceof Mechanism mechanism && !mechanism.countsAsLookup()
                ? ""
                : " (lookups " + step.lookups() + "/" + limits.lookups() + ", void " + step.voidLookups() + "/"
                        + limits.voidLookups() + ")";
        return switch (step.outcome()) {
            case MATCH -> "MATCH" + used;
            case NO_MATCH -> "no match" + used;
            case REDIRECTED -> "redirected" + used;
            case EXPLAINED -> "explanation";
            case NOT_EXPLAINED -> "explanation unusable";
            case ERROR -> "error";
        };
    }

    private void question(SpfTrace.Question question, String indent) {
        wrapped(
                indent,
                "? " + Type.string(question.type()) + " " + SafeText.ascii(DomainNames.text(question.name())) + ": "
                        + answer(question.answer()));
    }

    /**
     * Returns a DNS answer as text.
     *
     * @param answer the answer
     * @return the text, on one line; it has at most eight records
     */
    public static String answer(DnsAnswer answer) {
        if (answer instanceof DnsAnswer.Records records) {
            String shown = records.records().stream()
                    .limit(MAX_SHOWN)
                    .map(SpfTraceText::data)
                    .collect(Collectors.joining(", "));
            int more = records.records().size() - MAX_SHOWN;
            String aliases = records.aliases().stream()
                    .map(alias -> "CNAME " + DomainNames.text(alias) + ": ")
                    .collect(Collectors.joining());
            return SafeText.ascii(aliases + shown) + (more > 0 ? " and " + more + " more" : "");
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

    // Breaks at spaces and indents further lines; a word that is too long is broken at the end of the line.
    private void wrapped(String indent, String text) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        int width = Math.max(30, WIDTH - indent.length());
        while (rest.length() > width) {
            int space = rest.lastIndexOf(' ', width);
            int at = space > 4 ? space : width;
            lines.add(rest.substring(0, at));
            rest = "    " + rest.substring(at).stripLeading();
        }
        lines.add(rest);
        lines.forEach(line -> out.add(indent + line));
    }
}
