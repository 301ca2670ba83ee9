package org.senderauth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.batv.BounceAction;
import org.senderauth.batv.BounceRules;
import org.senderauth.batv.MessageContent;
import org.senderauth.batv.MessageExcerpt;
import org.senderauth.cli.JsonLines.BadLine;
import org.senderauth.core.Ascii;
import org.senderauth.core.EnvelopePath;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SafeText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bounce classify}: the kind of messages, and what the bounce filter does with them. */
@Command(
        name = "classify",
        mixinStandardHelpOptions = true,
        description = {
            "Show the class of each message, its marks, and what the bounce filter does",
            "with it if it comes without a tag to an address whose mail is tagged.",
            "Classes: dsn and backscatter are bounces; mdn is a read receipt, auto-reply an",
            "automatic answer, other anything else. docs/batv.md explains the marks."
        },
        footer = {
            "",
            "Examples:",
            "  senderauth bounce classify message.eml",
            "  senderauth bounce classify --mbox --json last-month.mbox",
            "",
            "Exit status: 0 if all messages are accepted; 1 if one is rejected; 2 usage, or",
            "a file without a message. A batch ends with 0."
        })
final class BounceClassifyCommand implements Callable<Integer> {

    /** The number of messages between two reports of progress. */
    private static final BounceRules RULES = BounceRules.defaults();

    @Mixin
    CommonOptions common = new CommonOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "FILE", description = "A message in each file; - for standard input.")
    List<String> files = List.of();

    @Option(
            names = "--mbox",
            description = {
                "Each file is an mbox with any number of messages. A file that begins with",
                "\"From \" and a time is read so without this option."
            })
    boolean mbox;

    @Option(
            names = "--sender",
            paramLabel = "ADDR",
            description = "The envelope sender of the messages (default: <>, the null sender).")
    String sender = "<>";

    @Option(
            names = "--batch",
            paramLabel = "FILE",
            description = {
                "Classify each line of a JSON Lines file, - for standard input:",
                "{\"id\",\"file\":PATH,\"sender\"} or",
                "{\"id\",\"message\":TEXT,\"sender\"} gives",
                "{\"id\",\"class\",\"marks\",\"action\"}."
            })
    @Nullable
    String batch;

    private Progress progress = Progress.withOutput("messages");
    private int classified;
    private boolean rejected;

    @Override
    public Integer call() throws IOException {
        CommandSpec known = Objects.requireNonNull(spec);
        PrintWriter out = known.commandLine().getOut();
        if (batch != null) {
            if (!files.isEmpty() || mbox) {
                throw new ParameterException(
                        known.commandLine(), "--batch reads messages from its input; remove FILE and --mbox");
            }
            return JsonLines.batch(batch, System.in, out, BounceClassifyCommand::line);
        }
        if (files.isEmpty()) {
            throw new ParameterException(known.commandLine(), "missing FILE (or use --batch)");
        }
        MailAddress from;
        try {
            from = sender(sender);
        } catch (BadLine e) {
            throw new ParameterException(
                    known.commandLine(),
                    "invalid email address for --sender: '" + SafeText.of(sender) + "': " + e.getMessage());
        }
        // One file that is gone, as a mail program moves them, does not hide the results of the others.
        boolean unread = false;
        try (Progress work = Progress.withOutput("messages")) {
            progress = work;
            for (String file : files) {
                try (InputStream in = open(file)) {
                    classify(file, in, from, out);
                } catch (IOException e) {
                    unread = true;
                    out.flush();
                    known.commandLine().getErr().println(known.qualifiedName() + ": " + e.getMessage());
                }
            }
        }
        out.flush();
        return unread ? ExitStatus.USAGE : rejected ? ExitStatus.FAIL : ExitStatus.PASS;
    }

    private void classify(String file, InputStream in, @Nullable MailAddress from, PrintWriter out) throws IOException {
        if (!mbox && !MboxReader.isMbox(in)) {
            print(file, MessageContent.read(in), from, out);
            return;
        }
        MboxReader messages = new MboxReader(in);
        int number = 0;
        for (MessageExcerpt message = messages.next(); message != null; message = messages.next()) {
            number++;
            print(file + ':' + number, MessageContent.of(message), from, out);
        }
        if (number == 0) {
            throw new IOException(SafeText.of(file)
                    + ": no message; each message of an mbox begins with a line \"From \" and a time");
        }
    }

    private void print(String name, MessageContent content, @Nullable MailAddress from, PrintWriter out) {
        BounceAction action = action(content, from);
        rejected |= action == BounceAction.REJECT;
        if (common.json) {
            ObjectNode object = JsonLines.object().put("file", name).setAll(json(content, action));
            object.put(
                    "reply", action == BounceAction.REJECT ? RULES.rejection().toString() : null);
            object.put("encloses", encloses(content));
            out.println(JsonLines.write(object));
        } else {
            String enclosed = encloses(content);
            out.println(SafeText.of(name) + ": " + content.kind().text()
                    + (content.marks().isEmpty() ? " (" : " by ") + content.why()
                    + (content.marks().isEmpty() ? ")" : "")
                    + (enclosed == null ? "" : "; encloses " + SafeText.of(enclosed)));
            out.println(
                    "  action  " + action(action) + (action == BounceAction.REJECT ? ": " + RULES.rejection() : ""));
        }
        classified++;
        progress.done(classified);
    }

    private static @Nullable String encloses(MessageContent content) {
        return content.returnedMessage()
                .map(message -> message.messageId().orElse("a message"))
                .orElse(null);
    }

    private static BounceAction action(MessageContent content, @Nullable MailAddress from) {
        return RULES.isBounceSender(from) ? RULES.untaggedAction(content) : BounceAction.ACCEPT;
    }

    private static ObjectNode json(MessageContent content, BounceAction action) {
        ObjectNode object = JsonLines.object().put("class", content.kind().text());
        ArrayNode marks = object.putArray("marks");
        content.marks().forEach(mark -> marks.add(mark.text()));
        return object.put("action", action(action));
    }

    private static String action(BounceAction action) {
        return Ascii.text(action);
    }

    /** The address of an envelope sender; null for the null sender. */
    private static @Nullable MailAddress sender(String given) throws BadLine {
        EnvelopePath path = EnvelopePath.parse(given);
        if (path instanceof EnvelopePath.Malformed malformed) {
            throw new BadLine(malformed.problem());
        }
        if (path instanceof EnvelopePath.Partial) {
            throw new BadLine("it needs a local part and a domain, or is <>");
        }
        return path.address().orElse(null);
    }

    private static ObjectNode line(JsonNode in) throws BadLine {
        MailAddress from;
        try {
            from = sender(JsonLines.text(in, "sender", "<>"));
        } catch (BadLine e) {
            throw new BadLine("\"sender\" must be an email address or null: " + e.getMessage());
        }
        if (in.hasNonNull("file") == in.hasNonNull("message")) {
            throw new BadLine("a line must have one of \"file\" and \"message\"");
        }
        MessageContent content = in.hasNonNull("message")
                ? MessageContent.of(JsonLines.text(in, "message").getBytes(StandardCharsets.UTF_8))
                : ofFile(JsonLines.text(in, "file"));
        return json(content, action(content, from));
    }

    private static MessageContent ofFile(String file) throws BadLine {
        try (InputStream in = open(file)) {
            return MessageContent.read(in);
        } catch (IOException e) {
            throw new BadLine(e.getMessage());
        }
    }

    private static InputStream open(String file) throws IOException {
        if (file.equals("-")) {
            return new BufferedInputStream(System.in);
        }
        try {
            Path path = Path.of(file);
            if (Files.exists(path) && !Files.isDirectory(path)) {
                return new BufferedInputStream(Files.newInputStream(path));
            }
            throw new IOException(
                    SafeText.of(file) + (Files.isDirectory(path) ? ": is a directory" : ": no such file"));
        } catch (InvalidPathException e) {
            throw new IOException(SafeText.of(file) + ": not a valid path", e);
        } catch (AccessDeniedException e) {
            throw new IOException(SafeText.of(file) + ": permission denied", e);
        }
    }
}
