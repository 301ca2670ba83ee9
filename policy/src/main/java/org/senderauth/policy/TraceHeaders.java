package org.senderauth.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.senderauth.core.AuthResult;
import org.senderauth.core.AuthenticationResults;
import org.senderauth.core.SmtpReply;

/** The header fields that report the results to the filters and readers of a message. */
final class TraceHeaders {

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
        return Decision.HEADER + ": " + id
                + withheld.map(reply -> "; would=" + Decision.Action.of(reply).text()
                                + step.map(by -> "; by=" + by.text()).orElse("")
                                + "; would-reply=\""
                                + reply.toString().replace("\\", "\\\\").replace("\"", "\\\"")
                                + "\"")
                        .orElse("");
    }
}
