package org.senderauth.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class ObserverGuardTest {

    private interface SomeObserver {}

    @Test
    void callsObserver() {
        List<String> seen = new ArrayList<>();
        ObserverGuard.call(SomeObserver.class, () -> seen.add("event"));
        assertThat(seen).containsExactly("event");
    }

    @Test
    void logsWhatObserverThrows() {
        List<LogRecord> records = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                records.add(entry);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(SomeObserver.class.getName());
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
        try {
            assertThatCode(() -> {
                        ObserverGuard.call(SomeObserver.class, () -> {
                            throw new IllegalStateException("broken");
                        });
                        ObserverGuard.call(SomeObserver.class, () -> {
                            throw new AssertionError("worse");
                        });
                    })
                    .doesNotThrowAnyException();
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(records)
                .extracting(
                        entry -> entry.getMessage() + ": " + entry.getThrown().getMessage())
                .containsExactly("observer failed: broken", "observer failed: worse");
    }
}
