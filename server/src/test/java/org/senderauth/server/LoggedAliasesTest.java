package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.senderauth.srs.AliasStore;

class LoggedAliasesTest {

    private AliasStore.Answer next = new AliasStore.Answer.Unavailable("cannot write aliases: no space\nleft");

    private final AliasStore store = new AliasStore() {
        @Override
        public CompletableFuture<Answer> put(String alias, String address, Duration lifetime) {
            return CompletableFuture.completedFuture(next);
        }

        @Override
        public CompletableFuture<Answer> get(String alias) {
            return CompletableFuture.completedFuture(new Answer.Known(Optional.empty()));
        }
    };

    @Test
    void firstFailureAndItsEndAreLogged() throws Exception {
        StringWriter out = new StringWriter();
        try (LogQueue log = LogQueue.start(out)) {
            LoggedAliases aliases = new LoggedAliases(store, log);
            put(aliases);
            put(aliases);
            aliases.get("a").join();
            next = new AliasStore.Answer.Known(Optional.of("bob@example.org"));
            put(aliases);
            put(aliases);
        }
        assertThat(out.toString().lines())
                .containsExactly(
                        "srs: aliases unavailable: \"cannot write aliases: no space?left\"",
                        "srs: aliases available again");
    }

    private void put(LoggedAliases aliases) {
        assertThat(aliases.put("a", "bob@example.org", Duration.ofDays(1)).join())
                .isEqualTo(next);
    }
}
