import org.jspecify.annotations.NullMarked;

/** BATV (draft-levine-smtp-batv-01): is this bounce an answer to mail that we sent? */
@NullMarked
module org.senderauth.batv {
    requires static transitive org.jspecify;
    requires transitive org.senderauth.core;

    exports org.senderauth.batv;
}
