import org.jspecify.annotations.NullMarked;

/** The service: configuration, listeners, log, history, metrics and web pages. */
@NullMarked
// The command is compiled after the service, so javac does not find its module yet.
@SuppressWarnings("module")
module org.senderauth.server {
    requires static transitive org.jspecify;
    requires org.senderauth.core;
    requires transitive org.senderauth.dns;
    requires org.senderauth.spf;
    requires org.senderauth.batv;
    requires org.senderauth.ses;
    requires org.senderauth.srs;
    requires org.senderauth.dkim2;
    requires org.senderauth.callout;
    requires org.senderauth.csv;
    requires transitive org.senderauth.policy;
    requires org.senderauth.postfix;
    requires org.senderauth.milter;
    requires org.senderauth.powerdns;
    requires org.senderauth.redis;
    requires java.logging;
    requires java.management;
    requires jdk.management;
    requires jdk.httpserver;
    requires org.eclipse.jetty.server;
    requires org.eclipse.jetty.unixdomain.server;
    requires gg.jte.runtime;
    // The generated templates are annotated as such.
    requires static java.compiler;
    requires com.fasterxml.jackson.core;
    requires micrometer.core;
    requires micrometer.registry.prometheus;
    requires io.prometheus.metrics.core;
    requires io.prometheus.metrics.model;
    requires org.yaml.snakeyaml;

    exports org.senderauth.server to
            org.senderauth.cli;
    exports org.senderauth.server.control to
            org.senderauth.cli;
    exports org.senderauth.server.history to
            org.senderauth.cli;
    exports org.senderauth.server.page to
            org.senderauth.cli;
}
