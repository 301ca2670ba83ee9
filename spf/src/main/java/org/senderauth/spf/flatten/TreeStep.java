package org.senderauth.spf.flatten;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.spf.syntax.NetworkSet;
import org.senderauth.spf.syntax.Qualifier;

/**
 * One step of an evaluated record: either networks or a term that is kept as it is.
 *
 * @param qualifier the result of a match
 * @param networks the addresses that match; empty for a kept term
 * @param kept the kept term without its qualifier; null for networks
 * @param movable whether the kept term means the same in another record
 * @param leaves the terms that the networks come from, or the dynamic term itself
 */
record TreeStep(
        Qualifier qualifier,
        NetworkSet networks,
        @Nullable String kept,
        boolean movable,
        List<AuthorizedNetworks.Entry> leaves) {

    TreeStep with(Qualifier other) {
        return new TreeStep(other, networks, kept, movable, leaves);
    }

    /**
     * An evaluated record.
     *
     * @param steps its steps in order
     * @param end the result of clients that match no step
     * @param redirect a redirect that cannot be followed, as {@code redirect=...}; null for none
     * @param explanation the explanation, as {@code exp=...}; null for none
     */
    record Tree(
            List<TreeStep> steps,
            Qualifier end,
            @Nullable String redirect,
            @Nullable String explanation) {

        boolean isStatic() {
            return redirect == null && steps.stream().allMatch(step -> step.kept() == null);
        }

        /** Tests whether every step passes, so that their order does not matter to an include. */
        boolean onlyPasses() {
            return redirect == null
                    && steps.stream().allMatch(step -> step.qualifier() == Qualifier.PASS)
                    && end != Qualifier.PASS;
        }

        /** The addresses with the result pass; a kept term matches nothing here. */
        NetworkSet passing() {
            NetworkSet passing = NetworkSet.EMPTY;
            NetworkSet decided = NetworkSet.EMPTY;
            for (TreeStep step : steps) {
                if (step.qualifier() == Qualifier.PASS) {
                    passing = passing.plus(step.networks().minus(decided));
                }
                decided = decided.plus(step.networks());
            }
            return end == Qualifier.PASS ? passing.plus(NetworkSet.ALL.minus(decided)) : passing;
        }
    }
}
