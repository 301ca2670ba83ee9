package org.senderauth.server;

import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.senderauth.dkim2.Dkim2Bounces;
import org.senderauth.dkim2.Dkim2Signer;
import org.senderauth.dkim2.Dkim2Signers;
import org.senderauth.dkim2.Draft;
import org.senderauth.dkim2.OwnKeys;
import org.senderauth.dns.DnsClient;

/**
 * DKIM2.
 *
 * @param ownKeys the public keys of our signatures, retired ones included
 * @param domains our signing domains
 * @param draft the rules that decide
 * @param signers what the milter signs our own mail with, by domain; empty for nothing
 * @param hidden what is done with mail to Bcc recipients
 */
record Dkim2Settings(
        OwnKeys ownKeys,
        Set<String> domains,
        Draft draft,
        List<Dkim2Signer> signers,
        Dkim2Signers.HiddenRecipients hidden) {

    Dkim2Settings {
        domains = Set.copyOf(domains);
        signers = List.copyOf(signers);
    }

    /** The signers of our own mail. */
    Dkim2Signers allSigners() {
        return Dkim2Signers.of(signers, hidden);
    }

    /** The bounce check. */
    Dkim2Bounces bounces(DnsClient dns, InstantSource clock) {
        return Dkim2Bounces.builder()
                .ownKeys(ownKeys)
                .domains(domains)
                .draft(draft)
                .dns(dns)
                .clock(clock)
                .build();
    }
}
