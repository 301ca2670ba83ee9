import org.jspecify.annotations.NullMarked;

/** SRS, the Sender Rewriting Scheme: forwarded mail keeps passing SPF, and its bounces get back. */
@NullMarked
module org.senderauth.srs {
    requires static transitive org.jspecify;
    requires transitive org.senderauth.core;
    requires org.senderauth.dns;

    exports org.senderauth.srs;
}
