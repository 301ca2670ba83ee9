package org.senderauth.spf.lint;

import java.util.Comparator;
import java.util.List;
import org.senderauth.spf.lint.WorstCase.Blame;
import org.senderauth.spf.lint.WorstCase.Family;
import org.senderauth.spf.lint.WorstCase.Voids;

/** Whether a whole tree stays within what receivers are willing to look up (RFC 7208 section 4.6.4). */
final class LimitRules {

    /** From here on, one more lookup at some provider breaks the record. */
    static final int NEAR_LOOKUP_LIMIT = SpfLinter.LOOKUP_LIMIT - 1;

    private static final int MOST_QUOTED = 3;

    private LimitRules() {}

    static void check(LintNode tree, WorstCase worst, RecordFindings findings) {
        Blame blame = worst.lookupLimitBrokenBy();
        if (blame != null) {
            blame.findings()
                    .add(
                            LintRule.TOO_MANY_LOOKUPS,
                            blame.span(),
                            "here the lookups exceed " + SpfLinter.LOOKUP_LIMIT + "; all of them are " + tree.lookups()
                                    + ". A client that nothing before matches gets permerror",
                            "remove what is not needed; most costly: " + mostCostly(tree)
                                    + ". Or list networks with ip4 and ip6 in place of a, mx and include");
        } else if (tree.lookups() >= NEAR_LOOKUP_LIMIT) {
            findings.add(
                    LintRule.LOOKUPS_NEAR_LIMIT,
                    null,
                    "the worst case needs " + tree.lookups() + " of " + SpfLinter.LOOKUP_LIMIT
                            + " lookups; one more in a record that you include breaks yours",
                    "make room; most costly: " + mostCostly(tree));
        }
        for (Family family : Family.values()) {
            checkVoids(family, worst.voids(family));
        }
    }

    private static void checkVoids(Family family, Voids voids) {
        Blame blame = voids.limitBrokenBy;
        if (blame == null) {
            return;
        }
        int count = voids.questions.size();
        String quoted = String.join(", ", voids.questions.subList(0, Math.min(count, MOST_QUOTED)));
        String who = voids.grantsBehindLimit
                ? "an " + family.text() + " client that nothing before matches gets permerror, also one that is"
                        + " authorised behind it"
                : "an " + family.text() + " client that the record does not authorise gets permerror, not the record's"
                        + " own answer";
        blame.findings()
                .add(
                        LintRule.TOO_MANY_VOIDS,
                        voids.grantsBehindLimit ? Severity.ERROR : Severity.WARNING,
                        blame.span(),
                        "here the empty answers exceed " + SpfLinter.VOID_LIMIT + " (" + quoted
                                + (count > MOST_QUOTED ? " ..." : "") + "): " + who,
                        "list networks with ip4 and ip6 in place of the terms that find nothing, or move them behind"
                                + " the terms that match");
    }

    private static String mostCostly(LintNode tree) {
        List<LintNode> costly = tree.children().stream()
                .sorted(Comparator.comparingInt(LintNode::lookups).reversed())
                .limit(2)
                .toList();
        StringBuilder text = new StringBuilder();
        for (LintNode node : costly) {
            text.append(text.length() == 0 ? "" : ", ")
                    .append(node.term())
                    .append(" (")
                    .append(node.lookups())
                    .append(')');
        }
        return text.toString();
    }
}
