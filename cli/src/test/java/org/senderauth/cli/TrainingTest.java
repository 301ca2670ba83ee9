package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class TrainingTest {

    @Test
    void allCommandsPass() {
        assertThatCode(() -> Training.main(new String[0])).doesNotThrowAnyException();
    }
}
