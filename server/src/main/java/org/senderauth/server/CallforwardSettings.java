package org.senderauth.server;

import static org.senderauth.server.ConfigValues.DOMAIN;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.senderauth.callout.CalloutVerifierBuilder;
import org.senderauth.callout.probe.ProbeSettings;

/**
 * The settings of the step {@code callforward}: at which hosts the recipients of a gateway are verified.
 *
 * @param hosts the hosts with the mailboxes of each domain, in the order in which they are tried
 * @param rejectsTemporarily whether a rejection is 450
 * @param exposesReplyText whether a reply contains the reply text of the host
 */
record CallforwardSettings(
        Map<String, List<InetSocketAddress>> hosts, boolean rejectsTemporarily, boolean exposesReplyText) {

    private static final String HOST = "an IP address, or one with a port such as 192.0.2.1:2525";

    static CallforwardSettings read(ConfigSection section) {
        ConfigSection domains = section.section("hosts");
        Map<String, List<InetSocketAddress>> hosts = new LinkedHashMap<>();
        for (String name : domains.names()) {
            List<InetSocketAddress> found = domains.values(name, HOST, CallforwardSettings::host);
            Optional<String> domain = ConfigValues.domain(name);
            if (domain.isEmpty()) {
                domains.problem(name, ConfigSection.mustBe("hosts", DOMAIN, name));
            } else if (hosts.containsKey(domain.get())) {
                domains.problem(name, "duplicate setting \"" + name + "\"; remove one");
            } else if (found.isEmpty()) {
                domains.problem(name, name + ": must be " + HOST);
            } else {
                hosts.put(domain.get(), found);
            }
        }
        domains.end();
        return new CallforwardSettings(
                hosts, CalloutReader.rejectsTemporarily(section), section.flag("expose-reply-text", false));
    }

    private static Optional<InetSocketAddress> host(String text) {
        return ConfigValues.inet(text, ProbeSettings.SMTP_PORT);
    }

    void apply(CalloutVerifierBuilder builder) {
        hosts.forEach(builder::callforward);
        builder.temporaryRejects(rejectsTemporarily).exposeReplyText(exposesReplyText);
    }
}
