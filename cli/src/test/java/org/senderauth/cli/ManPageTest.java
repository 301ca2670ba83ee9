package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ManPageTest {

    @Test
    void namesEachCommand() throws Exception {
        String page = Files.readString(Path.of("../packaging/files/senderauth.1"));
        assertThat(Subcommand.ALL)
                .allSatisfy(
                        command -> assertThat(page).containsPattern("(?m)^[.]BR? \"?" + command.name() + "(?![a-z-])"));
    }
}
