import org.jspecify.annotations.NullMarked;

/** SES, signed envelope senders: did the domain emit this sender address? */
@NullMarked
module org.senderauth.ses {
    requires static transitive org.jspecify;
    requires transitive org.senderauth.core;
    requires transitive org.senderauth.dns;

    exports org.senderauth.ses;
}
