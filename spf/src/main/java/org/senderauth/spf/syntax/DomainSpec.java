package org.senderauth.spf.syntax;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A domain name with or without macros (RFC 7208 section 7.1). Immutable.
 *
 * <pre>{@code
 * domain-spec = macro-string domain-end
 * domain-end  = ( "." toplabel [ "." ] ) / macro-expand
 * toplabel    = ( *alphanum ALPHA *alphanum ) / ( 1*alphanum "-" *( alphanum / "-" ) alphanum )
 * }</pre>
 *
 * @param macros the text as a macro-string, the domain-end included
 */
public record DomainSpec(MacroString macros) {

    /** The maximum length of a domain name as text (RFC 7208 section 7.3). */
    public static final int MAX_LENGTH = 253;

    /**
     * Returns its position in the record.
     *
     * @return the position
     */
    public Span span() {
        return macros.span();
    }

    /**
     * The text as written.
     *
     * @return the text, macros unexpanded
     */
    public String text() {
        return macros.text();
    }

    /**
     * Returns whether the domain is the same in every check.
     *
     * @return true if it has no {@code %{...}}
     */
    public boolean isFixed() {
        return macros.isFixed();
    }

    /**
     * Returns the domain that every check of a record refers to: escapes decoded, and <code>%{d}</code> replaced by the
     * domain of the record, in all its forms such as <code>%{d2}</code>.
     *
     * @param current the domain of the record, as text without a dot at its end
     * @return the domain's text, as {@link #shortened} returns it; empty if it depends on the client or the sender
     */
    public Optional<String> textIn(String current) {
        return textIn(current, null);
    }

    /**
     * Returns the domain that every check of one sender's domain refers to: as {@link #textIn(String)}, with
     * <code>%{o}</code> replaced as well.
     *
     * @param current the domain of the record, as text without a dot at its end
     * @param checked the domain that is checked, whose record includes this one or is it; null if it is unknown
     * @return the domain's text; empty if it depends on the client, the local part or an unknown domain
     */
    public Optional<String> textIn(String current, @Nullable String checked) {
        StringBuilder text = new StringBuilder();
        for (MacroString.Part part : macros.parts()) {
            if (part instanceof MacroString.Literal literal) {
                text.append(literal.text());
            } else if (part instanceof MacroString.Escape escape) {
                text.append(escape.text());
            } else if (part instanceof MacroString.Macro macro && macro.letter() == 'd') {
                macro.expand(current, text);
            } else if (part instanceof MacroString.Macro macro && macro.letter() == 'o' && checked != null) {
                macro.expand(checked, text);
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(shortened(text.toString()));
    }

    /**
     * Drops labels from the left of an expansion until it has at most {@value #MAX_LENGTH} characters without a final dot
     * (RFC 7208 section 7.3).
     *
     * @param expanded the text of a domain-spec with its macros expanded
     * @return the text; as it was if its last label alone is too long
     */
    public static String shortened(String expanded) {
        int length = expanded.endsWith(".") ? expanded.length() - 1 : expanded.length();
        if (length <= MAX_LENGTH) {
            return expanded;
        }
        int dot = expanded.indexOf('.', length - MAX_LENGTH - 1);
        return dot < 0 || dot == length ? expanded : expanded.substring(dot + 1);
    }
}
