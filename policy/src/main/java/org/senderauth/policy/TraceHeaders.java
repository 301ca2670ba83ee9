package org.senderauth.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.senderauth.policy.Finding.Trace;

/** The headers that tell a message's readers and filters what was found. */
final class TraceHeaders {

    private TraceHeaders() {}

    /**
     * {@code Authentication-Results} (RFC 8601) with what each step reports, and the headers of single steps.
     *
     * @return each on one line; none if no step has anything to tell
     */
    static List<String> of(String hostname, List<StepReport> reports) {
        List<Trace> traces =
                reports.stream().map(report -> report.finding().trace()).toList();
        List<String> results =
                traces.stream().map(Trace::result).filter(Objects::nonNull).toList();
        List<String> headers = new ArrayList<>();
        if (!results.isEmpty()) {
            headers.add("Authentication-Results: " + hostname + "; " + String.join("; ", results));
        }
        traces.stream().map(Trace::header).filter(Objects::nonNull).forEach(headers::add);
        return headers;
    }
}
