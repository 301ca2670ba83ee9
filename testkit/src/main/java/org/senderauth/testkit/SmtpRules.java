package org.senderauth.testkit;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * A script of a mail server that accepts any mail, except where a rule differs:
 *
 * <pre>{@code
 * SmtpRules.mailServer("PIPELINING")
 *     .answer("RCPT TO:<bob@example.org>", "550 5.1.1 no such user")
 *     .answer("RCPT TO:<carol@example.org>", "452 4.2.2 mailbox full");
 * }</pre>
 *
 * The rule added last wins. Rules are added before the server starts; after that this is thread-safe.
 */
public final class SmtpRules implements ScriptedSmtpServer.Script {

    private record Rule(String start, ScriptedSmtpServer.Script action) {}

    private final Deque<Rule> rules = new ArrayDeque<>();
    private ScriptedSmtpServer.Script greeting = peer -> peer.say("220 mx.example.org ESMTP");

    private SmtpRules() {}

    /**
     * Creates a server that answers every command with 250, DATA with 554 and QUIT with 221.
     *
     * @param extensions the keywords of its EHLO reply
     * @return the rules
     */
    public static SmtpRules mailServer(String... extensions) {
        SmtpRules rules = new SmtpRules();
        StringBuilder ehlo = new StringBuilder("mx.example.org");
        for (String extension : extensions) {
            ehlo.append('\n').append(extension);
        }
        return rules.answer("", "250 2.0.0 OK")
                .answer("DATA", "554 5.5.0 no data here")
                .lines("EHLO", 250, ehlo.toString())
                .act("STARTTLS", peer -> {
                    peer.say("220 2.0.0 go ahead");
                    peer.startTls();
                })
                .act("QUIT", peer -> {
                    peer.say("221 2.0.0 bye");
                    peer.close();
                });
    }

    /**
     * Sets the greeting banner.
     *
     * @param lines the reply, whole lines
     * @return this
     */
    public SmtpRules greeting(String... lines) {
        greeting = peer -> peer.say(lines);
        return this;
    }

    /**
     * Sets a script for the start of a session.
     *
     * @param action runs before the first command is received
     * @return this
     */
    public SmtpRules greetingBy(ScriptedSmtpServer.Script action) {
        greeting = action;
        return this;
    }

    /**
     * Sets the reply to commands.
     *
     * @param start the start of the command, case-insensitive
     * @param lines the reply, whole lines
     * @return this
     */
    public SmtpRules answer(String start, String... lines) {
        List<String> reply = List.of(lines);
        return act(start, peer -> peer.say(reply.toArray(String[]::new)));
    }

    /**
     * Sets the reply to commands after which the server closes the connection.
     *
     * @param start the start of the command, case-insensitive
     * @param lines the reply, whole lines; none to close without a reply
     * @return this
     */
    public SmtpRules answerAndClose(String start, String... lines) {
        List<String> reply = List.of(lines);
        return act(start, peer -> {
            if (!reply.isEmpty()) {
                peer.say(reply.toArray(String[]::new));
            }
            peer.close();
        });
    }

    /**
     * Sets a script for commands.
     *
     * @param start the start of the command, case-insensitive
     * @param action the script; the session continues when it returns, unless it closed
     * @return this
     */
    public SmtpRules act(String start, ScriptedSmtpServer.Script action) {
        rules.addFirst(new Rule(start.toUpperCase(Locale.ROOT), action));
        return this;
    }

    @Override
    public void play(SmtpPeer peer) throws IOException {
        greeting.play(peer);
        while (peer.ending() == SmtpPeer.Ending.OPEN) {
            String command = peer.hear().toUpperCase(Locale.ROOT);
            for (Rule rule : rules) {
                if (command.startsWith(rule.start)) {
                    rule.action.play(peer);
                    break;
                }
            }
        }
    }

    private SmtpRules lines(String start, int code, String text) {
        String[] texts = text.split("\n", -1);
        String[] reply = new String[texts.length];
        for (int i = 0; i < texts.length; i++) {
            reply[i] = code + (i == texts.length - 1 ? " " : "-") + texts[i];
        }
        return answer(start, reply);
    }
}
