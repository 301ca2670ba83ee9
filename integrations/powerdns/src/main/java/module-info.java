import org.jspecify.annotations.NullMarked;

/** The public validation lookup of SES and served SPF records in a PowerDNS server. */
@NullMarked
module org.senderauth.powerdns {
    requires static transitive org.jspecify;
    requires transitive org.senderauth.dns;
    requires transitive org.senderauth.ses;
    requires org.senderauth.core;
    requires com.fasterxml.jackson.databind;

    exports org.senderauth.powerdns;
}
