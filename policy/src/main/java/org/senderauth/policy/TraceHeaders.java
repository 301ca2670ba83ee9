package org.senderauth.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.senderauth.policy.Finding.Trace;

/** The headers that tell a message's readers and filters what was found. */
final class TraceHeaders {

    private TraceHeaders() {}

    /** Longest header that is put together of several results; RFC 5322 section 2.1.1 ends a line at 998. */
    private static final int MAX_COMBINED = 900;

    /**
     * {@code Authentication-Results} (RFC 8601) with what each step reports, and the headers of single steps.
     *
     * @return each on one line; none if no step has anything to tell
     */
    static List<String> of(String hostname, List<StepReport> reports) {
        List<Trace> traces =
                reports.stream().map(report -> report.finding().trace()).toList();
        List<String> headers = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        for (Trace trace : traces) {
            String result = trace.result();
            if (result == null) {
                continue;
            }
            if (field.isEmpty() || field.length() + result.length() > MAX_COMBINED) {
                flush(field, headers);
                field.append("Authentication-Results: ").append(hostname);
            }
            field.append("; ").append(result);
        }
        flush(field, headers);
        traces.stream().map(Trace::header).filter(Objects::nonNull).forEach(headers::add);
        return headers;
    }

    private static void flush(StringBuilder field, List<String> headers) {
        if (!field.isEmpty()) {
            headers.add(field.toString());
            field.setLength(0);
        }
    }
}
