import org.jspecify.annotations.NullMarked;

/** DNS queries with typed answers over dnsjava, a bounded cache, and zones in memory. */
@NullMarked
module org.senderauth.dns {
    requires static transitive org.jspecify;
    requires transitive org.dnsjava;
    requires com.github.benmanes.caffeine;
    requires com.ibm.icu;

    exports org.senderauth.dns;
}
