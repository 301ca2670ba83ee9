package org.senderauth.ses;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;
import org.senderauth.core.MailAddress;
import org.senderauth.ses.SesSigning.Outcome;

/** Signs senders, or says why not. Thread-safe. */
final class SesSigner {

    /** Most octets of a local part that fits into a DNS label (RFC 1035 section 2.3.4). */
    private static final int MAX_LABEL_OCTETS = 63;

    // SES, BATV (draft-levine-smtp-batv-01 and the dialects seen in the wild) and SRS.
    private static final Pattern SIGNED = Pattern.compile(
            "(ses=[^=]+=|(ms)?prvs1?=|btv1==|srs[01][-+=]).*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private final SesKeyring keyring;
    private final MessageIds messageIds;
    private final InstantSource clock;
    private final int most;

    SesSigner(SesKeyring keyring, MessageIds messageIds, InstantSource clock, boolean publicLookup) {
        this.keyring = keyring;
        this.messageIds = messageIds;
        this.clock = clock;
        this.most = publicLookup ? MAX_LABEL_OCTETS : MailAddress.MAX_LOCAL_PART_OCTETS;
    }

    SesSigning attempt(MailAddress sender) {
        String domain = SesKeyring.canonical(sender.domain());
        List<SesKey> keys = keyring.keys(domain);
        if (keys.isEmpty()) {
            return new SesSigning(Outcome.FOREIGN, sender, "no key for this domain");
        }
        if (isSigned(sender.localPart())) {
            return new SesSigning(Outcome.ALREADY_SIGNED, sender, "signed already");
        }
        if (sender.isQuoted()) {
            // The grammar has a dot-atom behind the signature: a quoted string cannot follow a bare word.
            return new SesSigning(Outcome.UNSIGNABLE, sender, "a quoted local part cannot be signed");
        }
        SesKey key = keys.get(0);
        long timecode = key.layout().timecode(Math.floorDiv(clock.millis(), 1000L));
        String signed;
        try {
            String localPart = SesCodec.lowerAscii(sender.localPart());
            signed = SesCodec.signFolded(key, timecode, messageIds.next(timecode), localPart, domain);
        } catch (IOException e) {
            return new SesSigning(Outcome.TRY_LATER, sender, "no message id: " + e.getMessage());
        }
        MailAddress address = sender.withLocalPart(signed);
        if (address.localPartOctets() > most) {
            return new SesSigning(
                    Outcome.TOO_LONG, sender, "the signed local part would have more than " + most + " octets");
        }
        return new SesSigning(Outcome.SIGNED, address, "");
    }

    static boolean isSigned(String localPart) {
        // Every form has one of these behind its tag; most local parts have none.
        for (int i = 0; i < localPart.length(); i++) {
            char c = localPart.charAt(i);
            if (c == '=' || c == '+' || c == '-') {
                return SIGNED.matcher(localPart).matches();
            }
        }
        return false;
    }
}
