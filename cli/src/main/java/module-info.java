import org.jspecify.annotations.NullMarked;

/** The senderauth command. */
@NullMarked
module org.senderauth.cli {
    requires static transitive org.jspecify;
    requires org.senderauth.core;
    requires org.senderauth.dns;
    requires org.senderauth.spf;
    requires org.senderauth.batv;
    requires org.senderauth.ses;
    requires org.senderauth.srs;
    requires org.senderauth.callout;
    requires org.senderauth.csv;
    requires org.senderauth.dkim2;
    requires org.senderauth.policy;
    requires org.senderauth.postfix;
    requires org.senderauth.powerdns;
    requires org.senderauth.server;
    requires info.picocli;
    requires com.fasterxml.jackson.databind;

    opens org.senderauth.cli to
            info.picocli;
}
