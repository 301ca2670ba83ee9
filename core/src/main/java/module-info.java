import org.jspecify.annotations.NullMarked;

/** Email addresses (RFC 5321, RFC 6531), replies, header fields and secret keys: the base of all defenses. */
@NullMarked
module org.senderauth.core {
    requires static transitive org.jspecify;
    requires org.bouncycastle.provider;

    exports org.senderauth.core;
}
