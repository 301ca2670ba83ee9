package org.senderauth.server.page;

import java.util.ArrayList;
import java.util.List;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.SpfTrace;
import org.senderauth.spf.SpfTraceText;
import org.senderauth.spf.SpfVerdict;
import org.senderauth.spf.lint.LookupCost;
import org.xbill.DNS.Type;

/** Trees of SPF. Stateless. */
public final class SpfTree {

    private SpfTree() {}

    /**
     * Returns a check as a tree: each query with its answer, each term with its outcome.
     *
     * @param trace the trace
     * @return the tree
     */
    public static TreeNode of(SpfTrace trace) {
        List<TreeNode> children = new ArrayList<>(questions(trace.questions()));
        trace.steps().forEach(step -> children.add(step(trace, step)));
        String problem = trace.problem().map(cause -> ": " + cause.message()).orElse("");
        return new TreeNode(trace.domain(), trace.verdict().text() + problem, tone(trace.verdict()), children);
    }

    private static TreeNode step(SpfTrace trace, SpfTrace.Step step) {
        String term = trace.record()
                .map(record -> step.term().span().of(record.text()))
                .orElse(step.term().name());
        String target = step.target()
                .filter(name -> !term.endsWith(":" + name) && !term.endsWith("=" + name))
                .map(name -> " -> " + name)
                .orElse("");
        List<TreeNode> children = new ArrayList<>(questions(step.questions()));
        step.nested().ifPresent(nested -> children.add(of(nested)));
        String used = "  (DNS lookups " + step.lookups() + ", void " + step.voidLookups() + ")";
        return switch (step.outcome()) {
            case MATCH -> new TreeNode(term + target, "match" + used, Tone.GOOD, children);
            case NO_MATCH -> new TreeNode(term + target, "no match" + used, Tone.PLAIN, children);
            case REDIRECTED -> new TreeNode(term + target, "redirected" + used, Tone.PLAIN, children);
            case EXPLAINED -> new TreeNode(term + target, "explanation", Tone.PLAIN, children);
            case NOT_EXPLAINED -> new TreeNode(term + target, "explanation unusable", Tone.WARNING, children);
            case ERROR -> new TreeNode(term + target, "error", Tone.BAD, children);
        };
    }

    private static List<TreeNode> questions(List<SpfTrace.Question> questions) {
        return questions.stream()
                .map(question -> new TreeNode(
                        Type.string(question.type()) + " " + DomainNames.text(question.name()),
                        SpfTraceText.answer(question.answer()),
                        question.answer() instanceof DnsAnswer.Unavailable ? Tone.WARNING : Tone.PLAIN))
                .toList();
    }

    /**
     * Returns the meaning of a result.
     *
     * @param verdict the result
     * @return its tone
     */
    public static Tone tone(SpfVerdict verdict) {
        return switch (verdict) {
            case PASS -> Tone.GOOD;
            case FAIL, PERMERROR -> Tone.BAD;
            case SOFTFAIL, TEMPERROR -> Tone.WARNING;
            case NEUTRAL, NONE -> Tone.PLAIN;
        };
    }

    /**
     * Returns the worst case of a record as a tree: what each term may cost.
     *
     * @param cost the cost
     * @param maxLookups the number of DNS lookups that a check may use
     * @return the tree
     */
    public static TreeNode of(LookupCost cost, int maxLookups) {
        String detail = cost.lookups() + (cost.lookups() == 1 ? " lookup" : " lookups") + ", void " + cost.voidsIp4()
                + "/" + cost.voidsIp6() + (cost.remark().isEmpty() ? "" : ": " + cost.remark());
        Tone tone = cost.lookups() > maxLookups ? Tone.BAD : cost.remark().isEmpty() ? Tone.PLAIN : Tone.WARNING;
        return new TreeNode(
                cost.term(),
                detail,
                tone,
                cost.children().stream().map(child -> of(child, maxLookups)).toList());
    }
}
