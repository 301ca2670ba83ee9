package org.senderauth.dns;

import com.ibm.icu.text.IDNA;
import com.ibm.icu.util.ICUInputTooLongException;
import java.util.Optional;

/** UTS 46 processing. The only class that needs ICU4J, loaded for the first name beyond ASCII. */
final class Uts46 {

    // Non-transitional: IDNA2008's answer for the four characters on which IDNA2003 differs, ß among them.
    private static final IDNA INSTANCE = IDNA.getUTS46Instance(
            IDNA.NONTRANSITIONAL_TO_ASCII | IDNA.CHECK_BIDI | IDNA.CHECK_CONTEXTJ | IDNA.USE_STD3_RULES);

    private Uts46() {}

    static Optional<String> toAscii(String domain) {
        IDNA.Info info = new IDNA.Info();
        try {
            StringBuilder ascii = INSTANCE.nameToASCII(domain, new StringBuilder(), info);
            return info.hasErrors() ? Optional.empty() : Optional.of(ascii.toString());
        } catch (ICUInputTooLongException e) {
            // ICU gives up at a label of 1000 characters, far above the 63 octets that it may have.
            return Optional.empty();
        }
    }
}
