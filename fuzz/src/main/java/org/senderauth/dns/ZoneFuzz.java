package org.senderauth.dns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Zone files, domain names and IP addresses. A bad zone file is an IOException with its line. */
public final class ZoneFuzz {

    private ZoneFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        DomainNames.parse(text);
        DomainNames.toAscii(text);
        IpAddresses.parse(text);
        if (text.contains("$INCLUDE") || text.contains("$GENERATE")) {
            return; // they read other files and write many records
        }
        try {
            Path file = Files.createTempFile("fuzz", ".zone");
            try {
                Files.write(file, data);
                ZoneDnsClient.ofFiles(List.of(file));
            } catch (IOException expected) {
                // a report to the user
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
