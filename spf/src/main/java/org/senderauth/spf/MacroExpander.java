package org.senderauth.spf;

import java.time.InstantSource;
import org.senderauth.spf.EvaluationAbortedException.AnswerPendingException;
import org.senderauth.spf.EvaluationAbortedException.SpfErrorException;
import org.senderauth.spf.syntax.DomainSpec;
import org.senderauth.spf.syntax.MacroString;
import org.senderauth.spf.syntax.MacroString.Escape;
import org.senderauth.spf.syntax.MacroString.Literal;
import org.senderauth.spf.syntax.MacroString.Macro;
import org.senderauth.spf.syntax.MacroString.Part;

/** Expands macro-strings (RFC 7208 section 7). Thread-safe. */
final class MacroExpander {

    /** Finds the validated name of the client for the macro {@code p}. */
    @FunctionalInterface
    interface ClientName {
        String get() throws AnswerPendingException, SpfErrorException;
    }

    /** More of an expansion than any use of it: a domain name has 253 characters, an explanation 300. */
    private static final int ENOUGH = 1_000;

    private final CheckHostArguments sender;
    private final InstantSource clock;
    private String timestamp = "";

    MacroExpander(CheckHostArguments sender, InstantSource clock) {
        this.sender = sender;
        this.clock = clock;
    }

    /** A domain-spec within a domain's record; of an excessive expansion only the end that counts is made. */
    TargetDomain domain(DomainSpec spec, TargetDomain current, ClientName clientName)
            throws AnswerPendingException, SpfErrorException {
        StringBuilder text = new StringBuilder(64);
        for (Part part : spec.macros().parts()) {
            append(part, text, current, clientName);
            if (text.length() > 4 * ENOUGH) {
                text.delete(0, text.length() - ENOUGH);
            }
        }
        return TargetDomain.ofExpansion(text.toString());
    }

    /** An explanation's text, of which not more than needed is made. */
    String explanation(MacroString explanation, TargetDomain current, ClientName clientName)
            throws AnswerPendingException, SpfErrorException {
        StringBuilder text = new StringBuilder(100);
        for (Part part : explanation.parts()) {
            append(part, text, current, clientName);
            if (text.length() > ENOUGH) {
                break;
            }
        }
        return text.toString();
    }

    /**
     * Tests whether a domain-spec cannot match because it contains the sender's local part, which is not ASCII (RFC 8616
     * section 4).
     */
    boolean cannotMatch(DomainSpec spec) {
        return !Ascii.isAscii(sender.localPart())
                && (spec.macros().uses('l') || spec.macros().uses('s'));
    }

    private void append(Part part, StringBuilder text, TargetDomain current, ClientName clientName)
            throws AnswerPendingException, SpfErrorException {
        if (part instanceof Literal literal) {
            text.append(literal.text());
        } else if (part instanceof Escape escape) {
            text.append(escape.text());
        } else if (part instanceof Macro macro) {
            macro.expand(value(macro.letter(), current, clientName), text);
        }
    }

    private String value(char letter, TargetDomain current, ClientName clientName)
            throws AnswerPendingException, SpfErrorException {
        switch (letter) {
            case 's':
                return sender.address();
            case 'l':
                return sender.localPart();
            case 'o':
                return sender.domain().text();
            case 'd':
                return current.text();
            case 'i':
                return sender.dottedClient();
            case 'p':
                return clientName.get();
            case 'h':
                return sender.helo();
            case 'c':
                return sender.client().toString();
            case 'r':
                return sender.receiver();
            case 't':
                return timestamp();
            default:
                return sender.reverseZone();
        }
    }

    // The same whenever an evaluation begins again. Read when it is needed: to read a clock costs as much as to
    // match several networks.
    private synchronized String timestamp() {
        if (timestamp.isEmpty()) {
            timestamp = Long.toString(clock.millis() / 1_000);
        }
        return timestamp;
    }
}
