package org.senderauth.spf;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.spf.syntax.DomainSpec;
import org.senderauth.spf.syntax.Mechanism;
import org.senderauth.spf.syntax.Modifier;
import org.senderauth.spf.syntax.SpfParse;
import org.senderauth.spf.syntax.Term;

/** A record with what evaluating it needs again and again. Immutable. */
final class PreparedRecord {

    private final SpfParse parse;
    private final Mechanism[] mechanisms;
    private final String[] texts;
    private final @Nullable Target[] fixedTargets;
    private final Modifier.@Nullable Redirect redirect;
    private final Modifier.@Nullable Explanation explanation;

    PreparedRecord(SpfParse parse) {
        this.parse = parse;
        List<Term> terms = parse.terms();
        this.mechanisms = terms.stream().filter(Mechanism.class::isInstance).toArray(Mechanism[]::new);
        this.texts = new String[mechanisms.length];
        this.fixedTargets = new @Nullable Target[mechanisms.length];
        for (int i = 0; i < mechanisms.length; i++) {
            texts[i] = mechanisms[i].span().of(parse.text());
            DomainSpec domain = mechanisms[i].domain();
            fixedTargets[i] =
                    domain != null && domain.isFixed() ? Target.ofExpansion(MacroExpander.fixed(domain)) : null;
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

    SpfParse parse() {
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
    Target fixedTarget(int index) {
        return fixedTargets[index];
    }

    Modifier.@Nullable Redirect redirect() {
        return redirect;
    }

    Modifier.@Nullable Explanation explanation() {
        return explanation;
    }
}
