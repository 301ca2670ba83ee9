package org.senderauth.csv;

import java.net.InetAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The client and HELO name of an SMTP session. A new HELO in the same session is a new query.
 *
 * @param client the address of the client; null if the message is submitted locally
 * @param helo the argument of HELO or EHLO as the client sent it; null if it sent none
 */
public record CsvQuery(
        @Nullable InetAddress client, @Nullable String helo) {

    /**
     * Creates the query of a client with a HELO name.
     *
     * @param client the address of the client
     * @param helo the argument of HELO or EHLO as the client sent it
     * @return the query
     */
    public static CsvQuery of(InetAddress client, String helo) {
        return new CsvQuery(Objects.requireNonNull(client, "client"), Objects.requireNonNull(helo, "helo"));
    }
}
