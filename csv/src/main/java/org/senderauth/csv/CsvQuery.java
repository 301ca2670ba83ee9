package org.senderauth.csv;

import java.net.InetAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who says HELO: what is known of an SMTP session when its HELO or EHLO has come. A new HELO in the same session is a
 * new query.
 *
 * @param client the address from which the client speaks; null if the message is submitted locally
 * @param helo the argument of HELO or EHLO as the client sent it; null if it sent none
 */
public record CsvQuery(
        @Nullable InetAddress client, @Nullable String helo) {

    /**
     * A client that said HELO.
     *
     * @param client the address from which it speaks
     * @param helo the argument of HELO or EHLO as it sent it
     * @return the query
     */
    public static CsvQuery of(InetAddress client, String helo) {
        return new CsvQuery(Objects.requireNonNull(client, "client"), Objects.requireNonNull(helo, "helo"));
    }
}
