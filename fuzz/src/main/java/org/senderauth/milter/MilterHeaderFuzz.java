package org.senderauth.milter;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Header fields and envelope paths of messages that other hosts send. */
public final class MilterHeaderFuzz {

    private MilterHeaderFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1);
        ReceivedField.parse(text);
        AuthservId.of(text);
        AuthservId.is("mx.example.org", text);
        DkimPasses.of(text);
        DkimPasses.author(text);
        MilterPath path = MilterPath.of(text, List.of("SIZE=200"));
        path.argumentsOf("SIZE", "BODY");
        String decoded = WireText.decode(text);
        if (!decoded.equals(text) && !WireText.encode(decoded).equals(text)) {
            throw new AssertionError("other octets after reading and writing: " + decoded);
        }
    }
}
