import org.jspecify.annotations.NullMarked;

/**
 * Callout: could a bounce be delivered to this sender? Asked politely.
 *
 * <p>{@code CalloutVerifier} is the start. Packages that are exported to our own modules only are no API: the shared state
 * to Redis and the service, the table of replies to the command and the service.
 */
@NullMarked
// The modules with qualified exports are compiled after this one, so javac does not find them yet.
@SuppressWarnings("module")
module org.senderauth.callout {
    requires static transitive org.jspecify;
    requires transitive org.senderauth.core;
    requires transitive org.senderauth.dns;
    requires com.github.benmanes.caffeine;
    requires com.google.common;

    exports org.senderauth.callout;
    exports org.senderauth.callout.inmemory;
    exports org.senderauth.callout.outcome;
    exports org.senderauth.callout.probe;
    exports org.senderauth.callout.prober;
    exports org.senderauth.callout.reply to
            org.senderauth.cli,
            org.senderauth.server;
    exports org.senderauth.callout.state to
            org.senderauth.redis,
            org.senderauth.server;
}
