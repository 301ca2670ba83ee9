package org.senderauth.spf.syntax;

/**
 * A modifier (RFC 7208 section 6). Immutable.
 *
 * <pre>{@code modifier = redirect / explanation / unknown-modifier}</pre>
 */
public sealed interface Modifier extends Term {

    /**
     * {@code redirect = "redirect" "=" domain-spec} (section 6.1).
     *
     * @param span where it stands
     * @param domain whose record takes over if nothing matches
     */
    record Redirect(Span span, DomainSpec domain) implements Modifier {
        @Override
        public String name() {
            return "redirect";
        }
    }

    /**
     * {@code explanation = "exp" "=" domain-spec} (section 6.2).
     *
     * @param span where it stands
     * @param domain where the text stands that explains a fail
     */
    record Explanation(Span span, DomainSpec domain) implements Modifier {
        @Override
        public String name() {
            return "exp";
        }
    }

    /**
     * {@code unknown-modifier = name "=" macro-string} (section 6); it has no effect.
     *
     * @param span where it stands
     * @param name its name as written
     * @param value what stands behind the equals sign
     */
    record Unknown(Span span, String name, MacroString value) implements Modifier {}
}
