package org.senderauth.spf.lint;

import java.util.Comparator;
import java.util.List;
import org.senderauth.spf.lint.WorstCase.Blame;
import org.senderauth.spf.lint.WorstCase.Family;
import org.senderauth.spf.lint.WorstCase.Voids;

/** Checks whether a whole tree stays within the limits of a check (RFC 7208 section 4.6.4). */
final class LimitRules {

    /** From this number on, one more lookup of a provider breaks the record. */
    static final int NEAR_LOOKUP_LIMIT = LintLimits.LOOKUPS - 1;

    private static final int MOST_QUOTED = 3;

    private LimitRules() {}

    static void check(LookupCost tree, WorstCase worst, RecordFindings findings) {
        Blame blame = worst.lookupLimitBrokenBy();
        if (blame != null) {
            blame.findings()
                    .add(
                            LintRule.TOO_MANY_LOOKUPS,
                            blame.span(),
                            "the " + (LintLimits.LOOKUPS + 1) + "th DNS lookup happens here (" + tree.lookups()
                                    + " in total, limit " + LintLimits.LOOKUPS
                                    + "); clients that match no earlier term get permerror",
                            "remove unneeded terms; most lookups: " + mostCostly(tree)
                                    + ". Or list networks with ip4 and ip6 instead of a, mx and include");
        } else if (tree.lookups() >= NEAR_LOOKUP_LIMIT) {
            findings.add(
                    LintRule.LOOKUPS_NEAR_LIMIT,
                    null,
                    tree.lookups() + " of " + LintLimits.LOOKUPS
                            + " DNS lookups used; one more in an included record causes permerror",
                    "reduce them; most lookups: " + mostCostly(tree));
        }
        for (Family family : Family.values()) {
            checkVoids(family, worst.voids(family), worst.voidTerms());
        }
    }

    private static void checkVoids(Family family, Voids voids, int voidTerms) {
        Blame blame = voids.limitBrokenBy;
        if (blame == null) {
            return;
        }
        int count = voids.questions.size();
        String quoted = String.join(", ", voids.questions.subList(0, Math.min(count, MOST_QUOTED)));
        String effect = voids.grantsAfterLimit
                ? family.text() + " clients that match no earlier term get permerror, including authorized ones"
                : "other " + family.text() + " clients get permerror instead of the record's final result";
        blame.findings()
                .add(
                        LintRule.TOO_MANY_VOID_LOOKUPS,
                        voids.grantsAfterLimit ? Severity.ERROR : Severity.WARNING,
                        blame.span(),
                        "the third void lookup happens here (limit " + LintLimits.VOID_LOOKUPS + ": " + quoted
                                + (count > MOST_QUOTED ? " ..." : "") + "); "
                                // Some count the terms without any address, not their queries.
                                + (voidTerms > LintLimits.VOID_LOOKUPS ? "" : "at receivers that count each query, ")
                                + effect,
                        "list networks with ip4 and ip6 instead of the terms that find nothing, or move them after"
                                + " the terms that match");
    }

    private static String mostCostly(LookupCost tree) {
        List<LookupCost> costly = tree.children().stream()
                .sorted(Comparator.comparingInt(LookupCost::lookups).reversed())
                .limit(2)
                .toList();
        StringBuilder text = new StringBuilder();
        for (LookupCost node : costly) {
            text.append(text.length() == 0 ? "" : ", ")
                    .append(node.term())
                    .append(" (")
                    .append(node.lookups())
                    .append(')');
        }
        return text.toString();
    }
}
