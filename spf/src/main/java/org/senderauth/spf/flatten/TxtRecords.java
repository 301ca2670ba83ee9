package org.senderauth.spf.flatten;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** Creates TXT records of any length. */
final class TxtRecords {

    private static final int ONE_STRING = 255;
    private static final long TTL = 0;

    private TxtRecords() {}

    static TXTRecord of(Name name, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream strings = new ByteArrayOutputStream();
        for (int at = 0; at == 0 || at < bytes.length; at += ONE_STRING) {
            int length = Math.min(ONE_STRING, bytes.length - at);
            strings.write(length);
            strings.write(bytes, at, length);
        }
        return (TXTRecord) Record.newRecord(name, Type.TXT, DClass.IN, TTL, strings.toByteArray());
    }
}
