package org.senderauth.csv;

import java.nio.charset.StandardCharsets;

/** DNA reports and address prefixes. */
public final class CsvFuzz {

    private CsvFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        DnaReport.parse(data);
        AddressPrefix.parse(new String(data, StandardCharsets.UTF_8));
    }
}
