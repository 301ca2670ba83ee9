package org.senderauth.spf.syntax;

import java.util.List;
import org.senderauth.spf.syntax.MacroString.Literal;
import org.senderauth.spf.syntax.MacroString.Part;
import org.senderauth.spf.syntax.SyntaxProblem.Kind;

/** Reads domain-specs: a macro-string with the right end (RFC 7208 section 7.1). */
final class DomainSpecParser {

    private DomainSpecParser() {}

    static DomainSpec parse(String text, int start, int end) throws SyntaxException {
        if (start == end) {
            throw new SyntaxException(Kind.DOMAIN, Math.max(0, start - 1), end, "missing domain");
        }
        MacroString macros = MacroStringParser.parse(text, start, end, false);
        List<Part> parts = macros.parts();
        if (parts.get(parts.size() - 1) instanceof Literal literal) {
            requireTopLabel(literal.text(), start, end);
        }
        return new DomainSpec(macros);
    }

    // domain-end = ( "." toplabel [ "." ] ); all of it is literal, since a macro cannot stand within it.
    private static void requireTopLabel(String literal, int start, int end) throws SyntaxException {
        int labelEnd = literal.endsWith(".") ? literal.length() - 1 : literal.length();
        int dot = literal.lastIndexOf('.', labelEnd - 1);
        if (labelEnd == 0 || dot < 0) {
            throw new SyntaxException(
                    Kind.DOMAIN, start, end, "a domain must end in a dot and a top label, or in a macro");
        }
        boolean digitsOnly = true;
        for (int i = dot + 1; i < labelEnd; i++) {
            char c = literal.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            boolean alpha = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            boolean innerHyphen = c == '-' && i > dot + 1 && i < labelEnd - 1;
            digitsOnly &= digit;
            if (!digit && !alpha && !innerHyphen) {
                throw new SyntaxException(
                        Kind.DOMAIN,
                        end - literal.length() + i,
                        end - literal.length() + i + 1,
                        "'" + c + "' is not allowed in a domain's last label");
            }
        }
        if (labelEnd == dot + 1) {
            throw new SyntaxException(Kind.DOMAIN, start, end, "the domain's last label is empty");
        }
        if (digitsOnly) {
            throw new SyntaxException(
                    Kind.DOMAIN, start, end, "the domain's last label is a number; an address requires ip4 or ip6");
        }
    }
}
