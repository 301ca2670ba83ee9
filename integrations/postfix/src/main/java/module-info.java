import org.jspecify.annotations.NullMarked;

/** Policy delegation and socketmap for Postfix, Sendmail and Exim. */
@NullMarked
module org.senderauth.postfix {
    requires static transitive org.jspecify;
    requires transitive org.senderauth.policy;

    exports org.senderauth.postfix;
}
