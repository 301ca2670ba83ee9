import org.jspecify.annotations.NullMarked;

/** Experimental: DKIM2 (draft-ietf-dkim-dkim2-spec) for originators, and bounces that prove themselves by it. */
@NullMarked
// The name of the standard ends in a digit.
@SuppressWarnings("module")
module org.senderauth.dkim2 {
    requires static transitive org.jspecify;
    requires transitive org.senderauth.core;
    requires transitive org.senderauth.dns;

    exports org.senderauth.dkim2;
}
