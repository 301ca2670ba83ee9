package org.senderauth.callout.probe;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.HostReport;
import org.senderauth.callout.outcome.ProbeReport.Sent;
import org.senderauth.callout.reply.ServerReply;

/** The transcript of a probe, its counts, and its reports for each host. Not thread-safe. */
final class ProbeRecorder {

    /** The maximum number of lines of a transcript: three hosts with long EHLO replies. */
    static final int MAX_TRANSCRIPT_LINES = 400;

    /** The maximum number of characters of a transcript: lines may be long, and a thousand probes may run at once. */
    static final int MAX_TRANSCRIPT_CHARACTERS = 32 << 10;

    private final List<String> transcript = new ArrayList<>();
    private final List<HostReport> hosts = new ArrayList<>();
    private Sent sent = Sent.NOTHING;
    private int characters;

    void said(String line) {
        add("> " + line);
    }

    void heard(ServerReply reply) {
        int last = reply.lines().size() - 1;
        for (int i = 0; i <= last; i++) {
            add("< " + reply.code() + (i == last ? " " : "-") + reply.lines().get(i));
        }
    }

    void happened(@Nullable String what) {
        add("* " + what);
    }

    void connecting() {
        sent = new Sent(
                sent.connections() + 1, sent.targetRecipients(), sent.randomRecipients(), sent.controlRecipients());
    }

    void count(SmtpClientSession.Kind kind) {
        sent = new Sent(
                sent.connections(),
                sent.targetRecipients() + (kind == SmtpClientSession.Kind.TARGET ? 1 : 0),
                sent.randomRecipients() + (kind == SmtpClientSession.Kind.RANDOM ? 1 : 0),
                sent.controlRecipients() + (kind == SmtpClientSession.Kind.CONTROL ? 1 : 0));
    }

    void learnt(HostReport host) {
        hosts.add(host);
    }

    List<String> transcript() {
        return transcript;
    }

    List<HostReport> hosts() {
        return hosts;
    }

    Sent sent() {
        return sent;
    }

    private void add(String line) {
        if (transcript.size() < MAX_TRANSCRIPT_LINES && characters + line.length() <= MAX_TRANSCRIPT_CHARACTERS) {
            characters += line.length();
            transcript.add(line);
        }
    }
}
