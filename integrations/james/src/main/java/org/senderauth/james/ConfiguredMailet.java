package org.senderauth.james;

import org.apache.mailet.Mailet;
import org.apache.mailet.MailetConfig;
import org.jspecify.annotations.Nullable;

/** The base of the mailets: keeps the configuration. Declares no exception of a mail API: see the package. */
abstract class ConfiguredMailet implements Mailet {

    private @Nullable MailetConfig config;

    @Override
    public final void init(MailetConfig newConfig) {
        config = newConfig;
    }

    @Override
    public final @Nullable MailetConfig getMailetConfig() {
        return config;
    }

    @Override
    public final String getMailetInfo() {
        return getClass().getSimpleName();
    }

    @Override
    public final void destroy() {}
}
