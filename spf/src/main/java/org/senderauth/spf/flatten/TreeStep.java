package org.senderauth.spf.flatten;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.spf.syntax.NetworkSet;
import org.senderauth.spf.syntax.Qualifier;

/**
 * One step of an evaluated record: either networks or a term that is kept as it is.
 *
 * @param qualifier the result of a match
 * @param networks the addresses that match; of a kept term those that match whatever else is known of a client
 * @param kept the kept term; null for networks
 * @param leaves the terms that the networks come from, or the kept term itself
 */
record TreeStep(
        Qualifier qualifier, NetworkSet networks, @Nullable Kept kept, List<AuthorizedNetworks.Entry> leaves) {

    /**
     * A term that is kept as it is.
     *
     * @param term the term without its qualifier
     * @param movable whether it means the same in another record
     * @param dynamic whether it may match other clients than those of the step's networks
     */
    record Kept(String term, boolean movable, boolean dynamic) {}

    TreeStep with(Qualifier other) {
        return new TreeStep(other, networks, kept, leaves);
    }

    boolean isDynamic() {
        return kept != null && kept.dynamic();
    }

    boolean isMovable() {
        return kept == null || kept.movable();
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
            return redirect == null && steps.stream().noneMatch(TreeStep::isDynamic);
        }

        /** Tests whether every step passes, so that their order does not matter to an include. */
        boolean onlyPasses() {
            return redirect == null
                    && steps.stream().allMatch(step -> step.qualifier() == Qualifier.PASS)
                    && end != Qualifier.PASS;
        }

        /** The addresses with the result pass, as far as it depends on the address alone. */
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
