package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands of docs/postfix.md, run as they are printed there with the configuration of its third step. */
class PostfixGuideCommandsTest {

    @TempDir
    Path folder;

    private static String block(String start) throws IOException {
        Matcher block = Pattern.compile(
                        "^```[a-z]*\n(" + Pattern.quote(start) + ".*?)^```", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(Files.readString(Path.of("..", "docs", "postfix.md")));
        assertThat(block.find()).as(start).isTrue();
        return block.group(1);
    }

    @Test
    void generatesKeyChecksConfigAndShowsReply() throws IOException {
        String config = block("# /etc/senderauth/senderauth.yaml\n")
                .replaceFirst("(?m)^steps:\n(  .*\n)*", block("# /etc/senderauth/senderauth.yaml: these instead"));
        Files.writeString(folder.resolve("senderauth.yaml"), config.replace("/etc/senderauth", folder.toString()));
        List<String> printed = new ArrayList<>();
        // The key does not exist here; with the Debian package it does, and the shell skips the first command.
        String test = "[ -e /etc/senderauth/batv.key ] || ";
        String commands = block(test + "senderauth batv keygen") + block("senderauth check");
        for (String line : commands.replace("\\\n", " ").split("\n")) {
            String[] words = line.replace(test, "")
                    .replace("/etc/senderauth", folder.toString())
                    .replace("'", "")
                    .replaceFirst("^senderauth ", "")
                    .split(" +");
            StringWriter output = new StringWriter();
            CommandLine command = SenderauthCommand.commandLine();
            command.setOut(new PrintWriter(output, true));
            command.setErr(new PrintWriter(output, true));
            command.execute(words);
            printed.add(output.toString());
        }
        assertThat(printed).hasSize(3);
        assertThat(printed.get(0)).contains("wrote new key to ");
        assertThat(printed.get(1)).contains("configuration OK");
        assertThat(printed.get(2)).contains("550 5.7.1");
    }
}
