package org.senderauth.callout.probe;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.senderauth.callout.reply.ServerReply;

/** The service extensions that a server announces in its reply to EHLO (RFC 5321 section 4.1.1.1). Immutable. */
record Extensions(Set<String> keywords) {

    /** The extensions of a server that supports HELO only. */
    static final Extensions NONE = new Extensions(Set.of());

    /** The first line of the reply names the server; each other line starts with a keyword. */
    static Extensions of(ServerReply ehlo) {
        List<String> lines = ehlo.lines();
        return new Extensions(lines.stream()
                .skip(1)
                .map(line -> line.strip().split(" ", 2)[0].toUpperCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet()));
    }

    /** {@return true if commands may be sent in groups (RFC 2920)} */
    boolean pipelining() {
        return keywords.contains("PIPELINING");
    }

    /** {@return true if TLS can be started (RFC 3207)} */
    boolean startTls() {
        return keywords.contains("STARTTLS");
    }

    /** {@return true if internationalized addresses are accepted (RFC 6531)} */
    boolean smtpUtf8() {
        return keywords.contains("SMTPUTF8");
    }
}
