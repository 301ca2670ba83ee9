package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.testkit.Await;
import picocli.CommandLine;

@Timeout(60)
class ReloadCommandTest {

    @TempDir
    Path folder;

    private final StringWriter err = new StringWriter();
    private Process process;

    @AfterEach
    void end() throws Exception {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    /** Starts a process that does something at SIGHUP, as a service would. */
    private void start(String atHangUp) throws Exception {
        Path status = Files.writeString(folder.resolve("status"), "4 success\n");
        String script = "trap '" + atHangUp + "' HUP; echo >" + folder.resolve("up") + "; while :; do sleep 0.05; done";
        process = new ProcessBuilder("sh", "-c", script.replace("STATUS", status.toString())).start();
        Await.until("the process", () -> Files.exists(folder.resolve("up")));
    }

    private int reload(String... more) {
        CommandLine command = SenderauthCommand.commandLine();
        command.setErr(new PrintWriter(err, true));
        String[] all = new String[more.length + 5];
        all[0] = "reload";
        all[1] = "--pid";
        all[2] = Long.toString(process.pid());
        all[3] = "--status-file";
        all[4] = folder.resolve("status").toString();
        System.arraycopy(more, 0, all, 5, more.length);
        return command.execute(all);
    }

    @Test
    void succeedsWhenTheServiceDoes() throws Exception {
        start("echo 5 success >STATUS.new; mv STATUS.new STATUS");
        assertThat(reload()).isEqualTo(ExitStatus.PASS);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void failsWithTheProblemsOfTheConfiguration() throws Exception {
        start("(echo 5 failure; echo f:4: wrong) >STATUS.new; mv STATUS.new STATUS");
        assertThat(reload()).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).isEqualTo("f:4: wrong\n");
    }

    @Test
    void failsWithoutAVerdictInTime() throws Exception {
        start(":");
        assertThat(reload("--timeout", "1")).isEqualTo(ExitStatus.TEMPFAIL);
        assertThat(err.toString()).isEqualTo("senderauth reload: no verdict within 1 s\n");
    }

    @Test
    void failsWithoutAService() throws Exception {
        start(":");
        process.destroyForcibly().waitFor();
        assertThat(reload()).isEqualTo(ExitStatus.TEMPFAIL);
        assertThat(err.toString()).startsWith("senderauth reload: cannot signal process ");
        Files.writeString(folder.resolve("status"), "nonsense");
        assertThat(reload()).isEqualTo(ExitStatus.USAGE);
        Files.delete(folder.resolve("status"));
        assertThat(reload()).isEqualTo(ExitStatus.USAGE);
        assertThat(reload("--timeout", "0")).isEqualTo(ExitStatus.USAGE);
    }
}
