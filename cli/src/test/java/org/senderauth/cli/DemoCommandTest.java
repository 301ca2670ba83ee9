package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class DemoCommandTest {

    @Test
    void theDemoNeedsNoNetworkAndShowsGoodAndBadMail() {
        StringWriter out = new StringWriter();
        int status = SenderauthCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .execute("demo");
        assertThat(status).isZero();
        assertThat(out.toString().lines())
                .anyMatch(line -> line.startsWith("pass by 'include:_spf.example.net'"))
                .anyMatch(line -> line.startsWith("fail by '-all'"))
                .anyMatch(line -> line.startsWith("permerror"))
                .anyMatch(line -> line.contains("fail_mismatch"));
    }
}
