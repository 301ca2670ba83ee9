package org.senderauth.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Lists that a configuration names: plain ones, and the sources of Postfix tables. A bad line is a problem with its number. */
public final class ListFuzz {

    private static final String CONFIG = """
            hostname: mx.example.org
            domains: ["file:LIST"]
            listen: {policy: inet:127.0.0.1:10031}
            steps: {spf: {mode: monitor}}
            exempt:
              networks: ["file:LIST"]
              helo-names: ["file:LIST"]
              senders: ["file:LIST"]
              sender-domains: ["file:LIST"]
              recipients: ["file:LIST"]
              steps: {spf: {recipient-domains: ["file:LIST"]}}
            """;

    private ListFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        try {
            Path list = Files.createTempFile("fuzz", ".list");
            try {
                Files.write(list, data);
                String config = CONFIG.replace("LIST", list.getFileName().toString());
                ConfigReader.read(list.resolveSibling("senderauth.yaml"), config);
            } catch (ConfigException expected) {
                // a report to the user
            } finally {
                Files.delete(list);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
