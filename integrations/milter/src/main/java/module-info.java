import org.jspecify.annotations.NullMarked;

/** The milter protocol, and a filter for Postfix and Sendmail that decides by the policy. */
@NullMarked
module org.senderauth.milter {
    requires static transitive org.jspecify;
    requires transitive org.senderauth.policy;
    requires transitive org.senderauth.postfix;

    exports org.senderauth.milter;
}
