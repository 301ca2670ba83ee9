import org.jspecify.annotations.NullMarked;

/** CSV (draft-ietf-marid-csv): may this host use its HELO name? */
@NullMarked
module org.senderauth.csv {
    requires static transitive org.jspecify;
    requires transitive org.senderauth.core;
    requires transitive org.senderauth.dns;

    exports org.senderauth.csv;
}
