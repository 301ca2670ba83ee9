package org.senderauth.benchmarks;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.senderauth.testkit.ScriptedSmtpServer;
import org.senderauth.testkit.SmtpRules;

/** A victim in this JVM, whose counts are there at once. */
final class ScriptedVictim implements Victim {

    private final Map<String, Integer> recipients = new ConcurrentHashMap<>();
    private final ScriptedSmtpServer server;

    ScriptedVictim() {
        server = ScriptedSmtpServer.start(peer -> SmtpRules.mailServer("PIPELINING", "ENHANCEDSTATUSCODES")
                .act("RCPT", asked -> {
                    String command = asked.heard().get(asked.heard().size() - 1);
                    recipients.merge(command.substring(command.indexOf('<')), 1, Integer::sum);
                    asked.say("550 5.1.1 no such user");
                })
                .play(peer));
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public Map<String, Integer> recipients() {
        return recipients;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
