package org.senderauth.checks;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import org.senderauth.server.Service;

/**
 * A program: the service with a configuration, for a test that gives it little memory. It prints its first port, and for
 * each line that it reads the bytes that the heap has in use; it ends with its input.
 */
public final class MeasuredService {

    private MeasuredService() {}

    /**
     * Runs it.
     *
     * @param arguments the configuration file
     * @throws Exception if the service does not start
     */
    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Service service =
                Service.start(Path.of(arguments[0]), new PrintWriter(Writer.nullWriter()), InstantSource.system())) {
            System.out.println(((InetSocketAddress) service.addresses().get(0)).getPort());
            while (in.readLine() != null) {
                System.gc();
                System.out.println(Runtime.getRuntime().totalMemory()
                        - Runtime.getRuntime().freeMemory());
            }
        }
    }
}
