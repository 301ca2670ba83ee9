package org.senderauth.benchmarks;

import java.io.IOException;
import java.util.Map;

/** The mail server of {@link JoeJob#DOMAIN}, whose senders are forged: it knows none of them, and counts who is asked for. */
interface Victim extends AutoCloseable {

    /** Where it listens on loopback. */
    int port();

    /** How many RCPTs there were for each address. */
    Map<String, Integer> recipients() throws IOException;

    @Override
    void close() throws IOException;
}
