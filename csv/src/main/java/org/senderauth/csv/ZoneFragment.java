package org.senderauth.csv;

import java.util.List;

/**
 * Records for a zone file, and what is wrong with them. Immutable.
 *
 * @param lines the records, one a line, with absolute names, as in a zone file (RFC 1035 section 5)
 * @param warnings what to fix before they are published; empty if nothing
 */
public record ZoneFragment(List<String> lines, List<String> warnings) {

    /**
     * Creates a text; the lists are copied.
     *
     * @param lines the records
     * @param warnings the warnings
     */
    public ZoneFragment {
        lines = List.copyOf(lines);
        warnings = List.copyOf(warnings);
    }

    /** The records, each with a line end, without the warnings. */
    @Override
    public String toString() {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }
}
