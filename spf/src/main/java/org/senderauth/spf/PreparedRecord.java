package org.senderauth.spf;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.spf.syntax.DomainSpec;
import org.senderauth.spf.syntax.Mechanism;
import org.senderauth.spf.syntax.Modifier;
import org.senderauth.spf.syntax.SpfParseResult;
import org.senderauth.spf.syntax.Term;

/** A record with the values that each evaluation needs. Immutable. */
final class PreparedRecord {

    // As the trees were measured: the text, the parts of terms that hold text of their own, and their objects.
    private static final int FIXED_BYTES = 256;
    private static final int BYTES_PER_CHARACTER = 4;
    private static final int BYTES_PER_TERM = 224;
    private static final int BYTES_PER_PROBLEM = 320;

    private final SpfParseResult parse;
    private final Mechanism[] mechanisms;
    private final String[] texts;
    private final @Nullable TargetDomain[] fixedTargets;
    private final Modifier.@Nullable Redirect redirect;
    private final Modifier.@Nullable Explanation explanation;

    PreparedRecord(SpfParseResult parse) {
        this.parse = parse;
        List<Term> terms = parse.terms();
        this.mechanisms = terms.stream().filter(Mechanism.class::isInstance).toArray(Mechanism[]::new);
        this.texts = new String[mechanisms.length];
        this.fixedTargets = new @Nullable TargetDomain[mechanisms.length];
        for (int i = 0; i < mechanisms.length; i++) {
            texts[i] = mechanisms[i].span().of(parse.text());
            DomainSpec domain = mechanisms[i].domain();
            fixedTargets[i] = domain != null && domain.isFixed()
                    ? domain.textIn("").map(TargetDomain::ofExpansion).orElseThrow()
                    : null;
        }
        this.redirect = (Modifier.Redirect) terms.stream()
                .filter(Modifier.Redirect.class::isInstance)
                .findFirst()
                .orElse(null);
        this.explanation = (Modifier.Explanation) terms.stream()
                .filter(Modifier.Explanation.class::isInstance)
                .findFirst()
                .orElse(null);
    }

    /** Returns an estimate of the record's bytes in memory. */
    int sizeInBytes() {
        return FIXED_BYTES
                + BYTES_PER_CHARACTER * parse.text().length()
                + BYTES_PER_TERM * parse.terms().size()
                + BYTES_PER_PROBLEM * parse.problems().size();
    }

    SpfParseResult parse() {
        return parse;
    }

    /** A mechanism as the record writes it, with its qualifier. */
    String text(int index) {
        return texts[index];
    }

    int size() {
        return mechanisms.length;
    }

    Mechanism mechanism(int index) {
        return mechanisms[index];
    }

    /** The domain of a mechanism whose domain-spec has no macros; null for others. */
    @Nullable
    TargetDomain fixedTarget(int index) {
        return fixedTargets[index];
    }

    Modifier.@Nullable Redirect redirect() {
        return redirect;
    }

    Modifier.@Nullable Explanation explanation() {
        return explanation;
    }
}
