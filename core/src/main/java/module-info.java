import org.jspecify.annotations.NullMarked;

/** Mail addresses (RFC 5321, RFC 6531) and secret keys: what every defence needs and none owns. */
@NullMarked
module org.senderauth.core {
    requires static transitive org.jspecify;
    requires org.bouncycastle.provider;

    exports org.senderauth.core;
}
