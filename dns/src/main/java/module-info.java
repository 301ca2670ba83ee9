import org.jspecify.annotations.NullMarked;

/** The DNS seam: typed answers over dnsjava, a bounded cache, and a zone held in memory. */
@NullMarked
module org.senderauth.dns {
    requires static transitive org.jspecify;
    requires transitive org.dnsjava;
    requires com.github.benmanes.caffeine;
    requires com.ibm.icu;

    exports org.senderauth.dns;
}
