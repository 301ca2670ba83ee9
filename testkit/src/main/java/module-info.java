import org.jspecify.annotations.NullMarked;

/** Scripted DNS, fixed clocks and loopback peers, for our tests and for those of mail software. */
@NullMarked
module org.senderauth.testkit {
    requires static transitive org.jspecify;
    requires transitive org.senderauth.core;
    requires transitive org.senderauth.dns;
    requires transitive org.opentest4j;

    exports org.senderauth.testkit;
}
