import org.jspecify.annotations.NullMarked;

/**
 * Callout: could a bounce be delivered to this sender? Asked politely.
 *
 * <p>{@code CalloutVerifier} is the start. {@code ReplyClassifier} tells what a reply means, without a callout. The package of
 * the shared state is exported to Redis and the service only: it is no API.
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
    exports org.senderauth.callout.reply;
    exports org.senderauth.callout.state to
            org.senderauth.redis,
            org.senderauth.server;
}
