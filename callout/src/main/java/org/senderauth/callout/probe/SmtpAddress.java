package org.senderauth.callout.probe;

import org.senderauth.core.MailAddress;
import org.senderauth.dns.DomainNames;

/**
 * The address in the form that is sent. Only a local part needs SMTPUTF8: a domain is sent as A-labels, which every server
 * accepts.
 *
 * @param original the address of the request
 */
record SmtpAddress(MailAddress original) {

    boolean needsSmtpUtf8() {
        return original.localPart().chars().anyMatch(c -> c >= 0x80);
    }

    String domain() {
        return DomainNames.toAscii(original.domain()).orElse(original.domain());
    }

    /** The address between the angle brackets of a command. */
    String address() {
        return original.localPart() + "@" + domain();
    }
}
