package org.example;

import java.net.InetAddress;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfResult;
import org.senderauth.spf.SpfVerifier;

/** The README example, as a program on the module path. */
public class Example {
    public static void main(String[] arguments) throws Exception {
        SpfVerifier spf = SpfVerifier.create();
        SpfResult result = spf.verify(SpfQuery.mailFrom(
                InetAddress.getByName("192.0.2.1"), "alice@localhost", "mail.example.org"));
        System.out.println(result.verdict() + " " + result.receivedSpf());
    }
}
