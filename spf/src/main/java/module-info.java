import org.jspecify.annotations.NullMarked;

/** SPF (RFC 7208): checks whether a client is authorized to send mail for a domain. */
@NullMarked
module org.senderauth.spf {
    requires static transitive org.jspecify;
    requires transitive org.senderauth.core;
    requires transitive org.senderauth.dns;
    requires com.github.benmanes.caffeine;

    exports org.senderauth.spf;
    exports org.senderauth.spf.flatten;
    exports org.senderauth.spf.lint;
    exports org.senderauth.spf.syntax;
    exports org.senderauth.spf.zone;
}
