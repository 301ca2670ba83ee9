package org.senderauth.csv;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The report of an accreditation service on a domain (draft-ietf-marid-csv-dna-02), one TXT record.
 *
 * <pre>{@code
 * dna-report   = service "," [level] "," rating [";" info]
 * service      = "MARID"      ; required value for CSV
 * level        = "1"          ; required value for CSV
 * rating       = "A" / "B" / "C" / "D" / "E"
 * info         = *VCHAR-or-SP ; local to the service
 * }</pre>
 *
 * @param service what the report is for
 * @param level the level of the report; empty if there is none
 * @param rating the rating
 * @param info what the service adds; empty if there is nothing
 */
public record DnaReport(String service, String level, DnaRating rating, String info) {

    /** The service that CSV wants. */
    public static final String SERVICE = "MARID";

    /** The level that CSV wants. */
    public static final String LEVEL = "1";

    private static final Pattern REPORT = Pattern.compile("([!-~&&[^,;]]+),([!-~&&[^,;]]*),([A-Ea-e])(?:;([ -~]*))?");

    /**
     * Reads a report. Letters match in either case, as in any ABNF.
     *
     * @param text the octets of a TXT record
     * @return the report, or nothing if the text is none
     */
    public static Optional<DnaReport> parse(byte[] text) {
        Matcher matcher = REPORT.matcher(new String(text, StandardCharsets.ISO_8859_1));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String info = matcher.group(4);
        return Optional.of(new DnaReport(
                matcher.group(1),
                matcher.group(2),
                DnaRating.valueOf(matcher.group(3).toUpperCase(Locale.ROOT)),
                info == null ? "" : info));
    }

    /**
     * Tests whether the report is one for CSV.
     *
     * @return true if service and level are {@link #SERVICE} and {@link #LEVEL}
     */
    public boolean isForCsv() {
        return service.equalsIgnoreCase(SERVICE) && level.equals(LEVEL);
    }

    /** The report as the TXT record has it. */
    @Override
    public String toString() {
        return service + "," + level + "," + rating + (info.isEmpty() ? "" : ";" + info);
    }
}
