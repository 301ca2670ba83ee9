package org.senderauth.spf.syntax;

/**
 * A domain that is written or made of macros (RFC 7208 section 7.1). Immutable.
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

    /**
     * Where it stands in its record.
     *
     * @return the place
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
     * Whether the domain is the same in every check.
     *
     * @return true if it holds no {@code %{...}}
     */
    public boolean isFixed() {
        return macros.isFixed();
    }
}
