package org.senderauth.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.senderauth.core.Printable;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.SpfIdentity;
import org.senderauth.spf.SpfProblem;
import org.senderauth.spf.SpfResult;
import org.senderauth.spf.SpfTrace;
import org.senderauth.spf.SpfTrace.Outcome;
import org.senderauth.spf.syntax.IpAddress;
import org.senderauth.spf.syntax.Mechanism;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** The trace of an SPF check as a tree for people, 80 columns wide. */
final class SpfTraceText {

    private static final int WIDTH = 80;
    private static final int TERM_COLUMN = 44;
    /** Most records of one answer that are shown. */
    private static final int MAX_SHOWN = 8;

    private final PrintWriter out;

    SpfTraceText(PrintWriter out) {
        this.out = out;
    }

    /** The verdict in one line. */
    static String summary(SpfResult result) {
        String identity = result.identity() == SpfIdentity.HELO ? "HELO name" : "reverse-path";
        String by = result.mechanism() == null ? "" : " by '" + Printable.ascii(result.mechanism()) + "'";
        return result.verdict().text() + by + ": "
                + IpAddress.of(result.query().client()) + " for the " + identity + " of "
                + (result.domain().isEmpty() ? "nobody" : Printable.ascii(result.domain()));
    }

    void print(SpfResult result, SpfTrace trace) {
        check(trace, "");
        out.println();
        out.println(summary(result));
        if (result.problem() != null) {
            wrapped("", "problem: " + result.problem());
        }
        if (result.explanation() != null) {
            wrapped("", "the domain says: " + result.explanation());
        }
        out.println(
                "spent: " + result.lookups() + " terms that ask the DNS, " + result.voidLookups() + " void answers");
    }

    private void check(SpfTrace trace, String indent) {
        trace.questions().forEach(question -> question(question, indent));
        if (trace.questions().isEmpty()) {
            wrapped(indent, Printable.ascii(trace.domain()) + " is no domain that can have a record");
        }
        for (int i = 0; i < trace.steps().size(); i++) {
            boolean last = i == trace.steps().size() - 1 && trace.problem() == null;
            step(trace, trace.steps().get(i), indent, last);
        }
        String text = trace.verdict().text();
        if (trace.problem() != null) {
            wrapped(
                    indent,
                    "`- " + text + ": " + Printable.ascii(trace.problem().message()));
            SpfProblem problem = trace.problem();
            if (problem.span() != null && problem.domain().equals(trace.domain()) && trace.record() != null) {
                Excerpt.of(trace.record().text(), problem.span(), Math.max(30, WIDTH - indent.length() - 3))
                        .forEach(line -> out.println(indent + "   " + line));
            }
        } else if (trace.record() != null && noneMatched(trace)) {
            out.println(indent + "   no term matched: " + text);
        }
    }

    private static boolean noneMatched(SpfTrace trace) {
        return trace.steps().stream()
                .noneMatch(step -> step.outcome() == Outcome.MATCH || step.outcome() == Outcome.REDIRECTED);
    }

    private void step(SpfTrace trace, SpfTrace.Step step, String indent, boolean last) {
        String text = trace.record() == null
                ? step.term().name()
                : Printable.ascii(step.term().span().of(trace.record().text()));
        String target =
                step.target() == null || text.endsWith(":" + step.target()) || text.endsWith("=" + step.target())
                        ? ""
                        : " -> " + Printable.ascii(step.target());
        String head = indent + (last ? "`- " : "|- ") + text + target;
        String outcome = outcome(step);
        if (head.length() <= TERM_COLUMN) {
            out.println(head + " ".repeat(TERM_COLUMN + 1 - head.length()) + outcome);
        } else {
            wrapped(indent, head.substring(indent.length()));
            out.println(indent
                    + (last ? "   " : "|  ")
                    + " ".repeat(Math.max(0, TERM_COLUMN - 2 - indent.length()))
                    + outcome);
        }
        String below = indent + (last ? "   " : "|  ");
        step.questions().forEach(question -> question(question, below));
        if (step.nested() != null) {
            check(step.nested(), below);
        }
    }

    private static String outcome(SpfTrace.Step step) {
        String spent = step.term() instanceof Mechanism mechanism && !mechanism.countsAsLookup()
                ? ""
                : " (" + step.lookups() + " asked, " + step.voidLookups() + " void)";
        return switch (step.outcome()) {
            case MATCH -> "MATCH" + spent;
            case NO_MATCH -> "no match" + spent;
            case REDIRECTED -> "goes there" + spent;
            case EXPLAINED -> "explains";
            case NOT_EXPLAINED -> "cannot be used";
            case ERROR -> "error";
        };
    }

    private void question(SpfTrace.Question question, String indent) {
        wrapped(
                indent,
                "? " + Type.string(question.type()) + " " + Printable.ascii(DomainNames.text(question.name())) + ": "
                        + answer(question.answer()));
    }

    /** What the DNS said, in words. */
    static String answer(DnsAnswer answer) {
        if (answer instanceof DnsAnswer.Records records) {
            String shown = records.records().stream()
                    .limit(MAX_SHOWN)
                    .map(SpfTraceText::data)
                    .collect(Collectors.joining(", "));
            int more = records.records().size() - MAX_SHOWN;
            String aliases = records.aliases().stream()
                    .map(alias -> "alias of " + DomainNames.text(alias) + ": ")
                    .collect(Collectors.joining());
            return Printable.ascii(aliases + shown) + (more > 0 ? " and " + more + " more" : "");
        }
        if (answer instanceof DnsAnswer.NoData) {
            return "nothing (the name has no such record)";
        }
        if (answer instanceof DnsAnswer.NoSuchDomain) {
            return "nothing (there is no such name)";
        }
        DnsAnswer.Unavailable trouble = (DnsAnswer.Unavailable) answer;
        return "no answer (" + Printable.ascii(trouble.detail()) + ")";
    }

    private static String data(Record record) {
        if (record instanceof TXTRecord txt) {
            return '"' + new String(DnsAnswer.Records.text(txt), StandardCharsets.ISO_8859_1) + '"';
        }
        String data = record.rdataToString();
        return data.endsWith(".") && data.length() > 1 ? data.substring(0, data.length() - 1) : data;
    }

    // Breaks at spaces, further lines set in; a word that is too long is broken where the line ends.
    private void wrapped(String indent, String text) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        int room = Math.max(30, WIDTH - indent.length());
        while (rest.length() > room) {
            int space = rest.lastIndexOf(' ', room);
            int at = space > 4 ? space : room;
            lines.add(rest.substring(0, at));
            rest = "    " + rest.substring(at).stripLeading();
        }
        lines.add(rest);
        lines.forEach(line -> out.println(indent + line));
    }
}
