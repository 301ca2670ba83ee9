package org.senderauth.server;

import static org.senderauth.server.LogText.quoted;
import static org.senderauth.server.MetricRegistry.word;

import java.net.InetAddress;
import org.senderauth.callout.CalloutObserver;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.outcome.TargetReply;

/**
 * One line for each probe, with the client whose mail caused it, for a postmaster who is asked why the host probed.
 *
 * @param log takes the lines
 */
record ProbeLog(LogQueue log) implements CalloutObserver {

    @Override
    public void probed(Probed probe) {
        ProbeReport report = probe.report();
        InetAddress address = report.hostAddress();
        TargetReply reply = report.reply();
        log.line("callout addr=" + quoted("<" + probe.address() + ">")
                + " mx=" + quoted(report.host() == null ? "none" : report.host())
                + " ip=" + (address == null ? "none" : address.getHostAddress())
                + " verdict=" + word(report.reason().verdict())
                + " reason=" + word(report.reason())
                + " reply=" + quoted(reply == null ? "none" : reply.toString())
                + " rcpts=" + report.sent().recipients()
                + " ms=" + probe.took().toMillis()
                + " client=" + probe.client().getHostAddress());
    }
}
