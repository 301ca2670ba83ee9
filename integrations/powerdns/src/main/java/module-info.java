import org.jspecify.annotations.NullMarked;

/** The public look-up of SES behind a PowerDNS server. */
@NullMarked
module org.senderauth.powerdns {
    requires static transitive org.jspecify;
    requires transitive org.senderauth.ses;
    requires org.senderauth.core;
    requires com.fasterxml.jackson.databind;

    exports org.senderauth.powerdns;
}
