package org.senderauth.server;

import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A service process that fails: see {@link Kind}; a second argument is the name of the thread that dies. */
final class FailingProcess {

    /** What goes wrong. */
    enum Kind {
        /** A thread takes all memory. */
        OUT_OF_MEMORY,
        /** A thread dies of an exception. */
        EXCEPTION,
        /** The service does not stop on request. */
        NEVER_STOPS
    }

    private FailingProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        ServiceProcess process = ServiceProcess.start(
                new OutputStreamWriter(System.out, StandardCharsets.UTF_8), Duration.ofMillis(500));
        process.closeAtEnd(() -> new CountDownLatch(1).await());
        process.log().line("ready");
        // Last, so that this thread needs no memory when there is none.
        switch (Kind.valueOf(arguments[0])) {
            case OUT_OF_MEMORY -> new Thread(FailingProcess::fill, "filler").start();
            case EXCEPTION -> new Thread(FailingProcess::fail, arguments[1]).start();
            case NEVER_STOPS -> {}
        }
        process.awaitEnd();
    }

    private static void fill() {
        List<byte[]> all = new ArrayList<>();
        while (true) {
            all.add(new byte[1 << 20]);
        }
    }

    private static void fail() {
        throw new IllegalStateException("broken");
    }
}
