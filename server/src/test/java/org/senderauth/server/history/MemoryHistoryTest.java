package org.senderauth.server.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryHistoryTest {

    private static final long ROOM = 1 << 20;

    private static MemoryHistory of(String prefix, int count) {
        MemoryHistory history = new MemoryHistory(ROOM);
        history.append(IntStream.range(0, count)
                .mapToObj(i -> Records.entry(Records.decision(prefix + i, Records.START.plusSeconds(i))))
                .toList());
        return history;
    }

    @Test
    void findsTheNewestInOrder() throws IOException {
        MemoryHistory history = of("a", 10);
        assertThat(Records.ids(history, 3)).containsExactly("a7", "a8", "a9");
        assertThat(Records.ids(history, 0)).hasSize(10).startsWith("a0");
        assertThat(Records.ids(history, 2, "until", Records.START.plusSeconds(5).toString()))
                .containsExactly("a3", "a4");
    }

    @Test
    void followsFromTheBeginningAfterARestart() throws IOException {
        HistorySource.Position end = of("a", 10).end();
        MemoryHistory restarted = of("b", 2);
        List<String> ids = new ArrayList<>();
        HistorySource.Position next = restarted.follow(end, Records.filter(), decision -> ids.add(decision.id()));
        assertThat(ids).containsExactly("b0", "b1");
        assertThat(restarted.follow(next, Records.filter(), decision -> ids.add(decision.id())))
                .isEqualTo(next);
        assertThat(ids).hasSize(2);
    }
}
