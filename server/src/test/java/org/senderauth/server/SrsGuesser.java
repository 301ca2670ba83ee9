package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.testkit.SmtpTestClient;

/**
 * A client that guesses signatures of SRS addresses at a real mail server.
 *
 * @param server connects to the server, always from the same address
 * @param rejection the regular expression of the reply to a wrong guess
 * @param deferral the regular expression of the reply above the limit
 */
record SrsGuesser(Connector server, String rejection, String deferral) {

    private static final String FORGED = "SRS0=aaaaaaaa";

    // Postfix ends a session after 20 errors, Exim after 10 commands such as RSET.
    private static final int GUESSES_PER_SESSION = 5;

    /** Connects to a mail server. */
    @FunctionalInterface
    interface Connector {
        SmtpTestClient connect() throws IOException;
    }

    /** The address with another signature. */
    static String forged(String valid) {
        return FORGED + valid.substring(FORGED.length());
    }

    /** Guesses up to the limit of the service, and asserts that a hit above it has the same reply as a miss. */
    void learnsNothingAboveLimit(String valid) throws IOException {
        String forged = forged(valid);
        assertThat(guess(forged, SenderPolicy.MAX_INVALID_PER_NETWORK))
                .hasSize(SenderPolicy.MAX_INVALID_PER_NETWORK)
                .allMatch(reply -> reply.matches(rejection), rejection);
        String miss = guess(forged, 1).get(0);
        assertThat(miss).matches(deferral);
        // A reply may quote the recipient.
        assertThat(guess(valid, 1).get(0)).isEqualTo(miss.replace(forged, valid));
    }

    private List<String> guess(String address, int times) throws IOException {
        List<String> replies = new ArrayList<>();
        while (replies.size() < times) {
            try (SmtpTestClient talk = server.connect()) {
                for (int i = 0; i < GUESSES_PER_SESSION && replies.size() < times; i++) {
                    // Each decision has its own id at the end of its reply.
                    replies.add(talk.mail("", address, "guess").replaceFirst(" \\[[0-9a-z]+]$", ""));
                }
            }
        }
        return replies;
    }
}
