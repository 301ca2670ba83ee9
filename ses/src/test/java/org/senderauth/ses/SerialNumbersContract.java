package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link SerialNumbers} does. */
public abstract class SerialNumbersContract {

    private static final long UNIT = 60_000;

    /** For subclasses. */
    protected SerialNumbersContract() {}

    /** Numbers over a store that is the same during a test: a second call is a restart, or another process. */
    protected abstract SerialNumbers open() throws IOException;

    @Test
    void numbersArePositiveAndDifferent() throws IOException {
        SerialNumbers ids = open();
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 2500; i++) {
            long id = ids.next(UNIT);
            assertThat(id).isPositive();
            assertThat(seen.add(id)).isTrue();
        }
    }

    @Test
    void restartRepeatsNone() throws IOException {
        Set<Long> seen = new HashSet<>();
        for (int restart = 0; restart < 20; restart++) {
            SerialNumbers ids = open();
            for (int i = 0; i < 7; i++) {
                assertThat(seen.add(ids.next(UNIT))).isTrue();
            }
        }
    }

    @Test
    void clockSetBackRepeatsNone() throws IOException {
        SerialNumbers ids = open();
        Set<String> seen = new HashSet<>();
        long[] clock = {UNIT, UNIT, UNIT + 1, UNIT, UNIT + 1, UNIT - 5, UNIT + 2, UNIT, UNIT + 1, UNIT + 2, UNIT - 5};
        for (long unit : clock) {
            for (int i = 0; i < 3; i++) {
                assertThat(seen.add(unit + " " + ids.next(unit))).isTrue();
            }
        }
    }

    @Test
    void threadsAndProcessesShareNone() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            SerialNumbers shared = open();
            List<Callable<List<Long>>> workers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                SerialNumbers ids = i < 8 ? shared : open();
                workers.add(() -> {
                    List<Long> given = new ArrayList<>();
                    for (int n = 0; n < 150; n++) {
                        given.add(ids.next(UNIT));
                    }
                    return given;
                });
            }
            List<Long> all = new ArrayList<>();
            for (Future<List<Long>> future : threads.invokeAll(workers)) {
                all.addAll(future.get());
            }
            assertThat(all).hasSize(16 * 150).doesNotHaveDuplicates();
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void serversShareNone() throws IOException {
        Set<Long> seen = new HashSet<>();
        IntStream.range(0, 3).forEach(server -> {
            try {
                SerialNumbers ids = SerialNumbers.ofServer(open(), 3, server);
                for (int i = 0; i < 50; i++) {
                    assertThat(seen.add(ids.next(UNIT))).isTrue();
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }
}
