package org.senderauth.benchmarks;

import java.io.IOException;
import java.util.Map;

/** The mail server of {@link JoeJob#DOMAIN}, whose senders are forged: it knows none of them, and counts who is asked for. */
interface Victim extends AutoCloseable {

    /** The address on loopback. */
    int port();

    /** The number of RCPTs for each address. */
    Map<String, Integer> recipients() throws IOException;

    @Override
    void close() throws IOException;
}
