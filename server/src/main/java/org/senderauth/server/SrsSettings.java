package org.senderauth.server;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.srs.AliasStore;
import org.senderauth.srs.OverLong;
import org.senderauth.srs.Srs;
import org.senderauth.srs.SrsKeyring;

/**
 * The SRS settings of a configuration file. Secrets are inside the keyring and never show.
 *
 * @param keyring the keys, with those of a predecessor
 * @param derived whether each SRS domain has keys of its own, derived from these
 * @param domains the SRS domains, the one that senders are rewritten to first
 * @param localDomains the domains whose senders are not rewritten
 * @param lifetimeDays how long addresses are valid
 * @param overLong what becomes of senders that get too long
 * @param aliasFile where aliases are kept; null for memory
 * @param nullSenderOnly whether SRS addresses accept bounces only
 */
record SrsSettings(
        SrsKeyring keyring,
        boolean derived,
        List<String> domains,
        List<String> localDomains,
        int lifetimeDays,
        Treatment overLong,
        @Nullable Path aliasFile,
        boolean nullSenderOnly) {

    /** The treatment of a sender that gets too long. */
    enum Treatment {
        /** It stays as it is. */
        LEAVE,
        /** It is rewritten all the same. */
        REWRITE,
        /** It is replaced by a short alias. */
        ALIAS
    }

    /** The forwarder. */
    Srs srs(InstantSource clock, AliasStore aliases) {
        Srs.Builder builder = Srs.builder()
                .keyring(keyring)
                .localDomains(localDomains)
                .derivedKeys(derived)
                .lifetimeDays(lifetimeDays)
                .overLong(overLong == Treatment.REWRITE ? OverLong.REWRITE : OverLong.LEAVE)
                .clock(clock);
        domains.forEach(builder::domain);
        return (overLong == Treatment.ALIAS ? builder.aliases(aliases) : builder).build();
    }
}
