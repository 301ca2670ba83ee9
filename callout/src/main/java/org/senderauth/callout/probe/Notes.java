package org.senderauth.callout.probe;

import java.util.ArrayList;
import java.util.List;
import org.senderauth.callout.probe.ProbeReport.Sent;

/** What a probe writes down as it goes: the transcript, what it sent, what it learnt of each host. Not thread-safe. */
final class Notes {

    /** Most lines of a transcript: three hosts with long EHLO replies. */
    static final int MAX_TRANSCRIPT_LINES = 400;

    private final List<String> transcript = new ArrayList<>();
    private final List<HostFinding> hosts = new ArrayList<>();
    private Sent sent = Sent.NOTHING;

    void said(String line) {
        add("> " + line);
    }

    void heard(ServerReply reply) {
        int last = reply.lines().size() - 1;
        for (int i = 0; i <= last; i++) {
            add("< " + reply.code() + (i == last ? " " : "-") + reply.lines().get(i));
        }
    }

    void happened(String what) {
        add("* " + what);
    }

    void connecting() {
        sent = new Sent(
                sent.connections() + 1, sent.targetRecipients(), sent.randomRecipients(), sent.controlRecipients());
    }

    void count(Conversation.Kind kind) {
        sent = new Sent(
                sent.connections(),
                sent.targetRecipients() + (kind == Conversation.Kind.TARGET ? 1 : 0),
                sent.randomRecipients() + (kind == Conversation.Kind.RANDOM ? 1 : 0),
                sent.controlRecipients() + (kind == Conversation.Kind.CONTROL ? 1 : 0));
    }

    void learnt(HostFinding host) {
        hosts.add(host);
    }

    List<String> transcript() {
        return transcript;
    }

    List<HostFinding> hosts() {
        return hosts;
    }

    Sent sent() {
        return sent;
    }

    private void add(String line) {
        if (transcript.size() < MAX_TRANSCRIPT_LINES) {
            transcript.add(line);
        }
    }
}
