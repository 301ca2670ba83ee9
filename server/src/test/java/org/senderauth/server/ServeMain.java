package org.senderauth.server;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The main class of {@link ServiceUnderTest}: runs the service as {@code senderauth serve} does. */
final class ServeMain {

    private ServeMain() {}

    public static void main(String[] arguments) throws Exception {
        ServiceProcess.run(
                Path.of(arguments[0]),
                arguments.length > 1 ? Path.of(arguments[1]) : null,
                new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8));
    }
}
