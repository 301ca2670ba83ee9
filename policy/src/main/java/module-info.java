import org.jspecify.annotations.NullMarked;

/** Combines all checks into one decision per SMTP transaction. */
@NullMarked
module org.senderauth.policy {
    requires static transitive org.jspecify;
    requires transitive org.senderauth.core;
    requires transitive org.senderauth.dns;
    requires transitive org.senderauth.spf;
    requires transitive org.senderauth.csv;
    requires transitive org.senderauth.batv;
    requires transitive org.senderauth.ses;
    requires transitive org.senderauth.srs;
    requires transitive org.senderauth.callout;
    requires transitive org.senderauth.dkim2;

    exports org.senderauth.policy;
}
