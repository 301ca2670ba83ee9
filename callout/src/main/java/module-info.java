import org.jspecify.annotations.NullMarked;

/** Callout: could a bounce be delivered to this sender? Asked politely. */
@NullMarked
module org.senderauth.callout {
    requires static transitive org.jspecify;
    requires transitive org.senderauth.core;
    requires transitive org.senderauth.dns;
    requires com.github.benmanes.caffeine;
    requires com.google.common;

    exports org.senderauth.callout;
    exports org.senderauth.callout.outcome;
    exports org.senderauth.callout.probe;
    exports org.senderauth.callout.state;
}
