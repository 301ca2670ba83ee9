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
     * @param span its position
     * @param domain whose record is evaluated if no mechanism matches
     */
    record Redirect(Span span, DomainSpec domain) implements Modifier {
        @Override
        public String name() {
            return "redirect";
        }

        @Override
        public TermQuery query() {
            return TermQuery.TXT;
        }
    }

    /**
     * {@code explanation = "exp" "=" domain-spec} (section 6.2).
     *
     * @param span its position
     * @param domain the name of the TXT record that explains a fail
     */
    record Explanation(Span span, DomainSpec domain) implements Modifier {
        @Override
        public String name() {
            return "exp";
        }

        @Override
        public TermQuery query() {
            return TermQuery.TXT;
        }
    }

    /**
     * {@code unknown-modifier = name "=" macro-string} (section 6); it has no effect.
     *
     * @param span its position
     * @param name its name as written
     * @param value the text after the equals sign
     */
    record Unknown(Span span, String name, MacroString value) implements Modifier {}
}
