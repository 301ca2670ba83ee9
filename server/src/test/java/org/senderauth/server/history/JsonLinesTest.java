package org.senderauth.server.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonLinesTest {

    private final JsonLines lines = new JsonLines();

    private String text() throws IOException {
        return StandardCharsets.UTF_8.decode(lines.bytes()).toString();
    }

    @Test
    void linesAfterClearingAreNewOnes() throws IOException {
        lines.add(json -> json.writeStringField("id", "a"));
        assertThat(lines.add(json -> json.writeStringField("id", "b"))).isEqualTo(11);
        assertThat(text()).isEqualTo("{\"id\":\"a\"}\n{\"id\":\"b\"}\n");

        lines.clear();

        assertThat(lines.add(json -> json.writeStringField("id", "c"))).isZero();
        assertThat(text()).isEqualTo("{\"id\":\"c\"}\n");
    }

    @Test
    void failureWithinAnObjectDoesNotSpoilLaterOnes() throws IOException {
        assertThatThrownBy(() -> lines.add(json -> {
                    json.writeFieldName("id");
                    throw new IllegalStateException("no value");
                }))
                .isInstanceOf(IllegalStateException.class);

        lines.clear();
        lines.add(json -> json.writeStringField("id", "x".repeat(600_000)));
        assertThat(text()).hasSize(600_010);

        lines.clear();
        lines.add(json -> json.writeStringField("id", "d"));
        assertThat(text()).isEqualTo("{\"id\":\"d\"}\n");
    }
}
