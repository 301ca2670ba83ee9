package org.senderauth.core;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Addresses, domains, envelope paths and the texts of keys: what is read writes the same value again. */
public final class AddressFuzz {

    private AddressFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        Optional<MailAddress> address = MailAddress.parse(text);
        if (address.isPresent() && !MailAddress.parse(address.get().toString()).equals(address)) {
            throw new AssertionError("another address after writing and reading: " + address.get());
        }
        Optional<String> domain = MailDomain.parse(text);
        if (domain.isPresent() && !MailDomain.parse(domain.get()).equals(domain)) {
            throw new AssertionError("another domain after writing and reading: " + domain.get());
        }
        LocalPartScheme.of(text);
        LocalPartScheme.stablePart(text);
        MailAddress.split(text);
        EnvelopePath.parse(text);
        try {
            SecretText.body(text);
        } catch (IllegalArgumentException expected) {
            // a report to the user
        }
    }
}
