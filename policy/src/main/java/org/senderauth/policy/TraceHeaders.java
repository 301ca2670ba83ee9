package org.senderauth.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.senderauth.core.AuthResult;
import org.senderauth.core.AuthenticationResults;
import org.senderauth.core.HeaderField;
import org.senderauth.core.HeaderText;
import org.senderauth.core.SmtpReply;

/** The header fields that report the results to the filters and readers of a message. */
final class TraceHeaders {

    private static final String QUOTES = "\"\"";

    private TraceHeaders() {}

    /**
     * {@code Authentication-Results} (RFC 8601) with the results of the steps, and the fields of single steps.
     *
     * @return each on one line; empty if no step reports a result
     */
    static List<String> of(String hostname, List<StepReport> reports) {
        List<AuthResult> results = reports.stream()
                .map(report -> report.result().authResult())
                .flatMap(Optional::stream)
                .toList();
        List<String> headers = new ArrayList<>();
        AuthenticationResults.lines(hostname, results).forEach(field -> headers.add(field.toString()));
        reports.stream()
                .map(report -> report.result().header())
                .flatMap(Optional::stream)
                .forEach(headers::add);
        return headers;
    }

    /**
     * The field {@value Decision#HEADER}: the id, and the reply that was withheld.
     *
     * @param step the step that the withheld reply is from
     */
    static String decision(String id, Optional<Step> step, Optional<SmtpReply> withheld) {
        String header = Decision.HEADER + ": " + id;
        if (withheld.isEmpty()) {
            return header;
        }
        header += "; would=" + Decision.Action.of(withheld.get()).text()
                + step.map(by -> "; by=" + by.text()).orElse("")
                + "; would-reply=";
        // Backslashes may double a reply.
        return header
                + HeaderText.quoted(
                        withheld.get().toString(), HeaderField.MAX_LINE - header.length() - QUOTES.length());
    }
}
