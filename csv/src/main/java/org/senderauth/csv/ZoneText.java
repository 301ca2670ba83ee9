package org.senderauth.csv;

import java.util.List;

/**
 * Records for a zone file, and what is wrong with them. Immutable.
 *
 * @param lines the records, one a line, with absolute names, as a master file has them (RFC 1035 section 5)
 * @param warnings what should be mended before they are published; empty if nothing
 */
public record ZoneText(List<String> lines, List<String> warnings) {

    /**
     * Makes a text; the lists are copied.
     *
     * @param lines the records
     * @param warnings the warnings
     */
    public ZoneText {
        lines = List.copyOf(lines);
        warnings = List.copyOf(warnings);
    }

    /** The records, each with a line end, without the warnings. */
    @Override
    public String toString() {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }
}
