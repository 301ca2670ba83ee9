import org.jspecify.annotations.NullMarked;

/** SPF (RFC 7208): may this address send for that domain? */
@NullMarked
module org.senderauth.spf {
    requires static transitive org.jspecify;
    requires transitive org.senderauth.core;
    requires transitive org.senderauth.dns;
    requires com.github.benmanes.caffeine;

    exports org.senderauth.spf;
    exports org.senderauth.spf.lint;
    exports org.senderauth.spf.syntax;
}
