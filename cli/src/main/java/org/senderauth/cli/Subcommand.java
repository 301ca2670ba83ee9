package org.senderauth.cli;

import java.util.List;
import java.util.Objects;
import picocli.AutoComplete;
import picocli.CommandLine;

/**
 * A command below another one. The model of a command costs more time than a short answer, so only the ones that the
 * command line names are built; a command line that names none may need all of them (help, spelling, completion).
 */
record Subcommand(String name, Class<?> type, List<Subcommand> subcommands) {

    /** All commands in the order of the help. */
    static final List<Subcommand> ALL = List.of(
            of(
                    "spf",
                    SpfCommand.class,
                    of("check", SpfCheckCommand.class),
                    of("explain", SpfExplainCommand.class),
                    of("lint", SpfLintCommand.class),
                    of("networks", SpfNetworksCommand.class),
                    of("flatten", SpfFlattenCommand.class),
                    of("watch", SpfWatchCommand.class)),
            of(
                    "batv",
                    BatvCommand.class,
                    of("keygen", BatvKeygenCommand.class),
                    of("sign", BatvSignCommand.class),
                    of("verify", BatvVerifyCommand.class),
                    of("normalize", BatvNormalizeCommand.class)),
            of("bounce", BounceCommand.class, of("classify", BounceClassifyCommand.class)),
            of(
                    "ses",
                    SesCommand.class,
                    of("keygen", SesKeygenCommand.class),
                    of("sign", SesSignCommand.class),
                    of("verify", SesVerifyCommand.class),
                    of("lookup", SesLookupCommand.class),
                    of("serve", SesServeCommand.class)),
            of(
                    "srs",
                    SrsCommand.class,
                    of("keygen", SrsKeygenCommand.class),
                    of("forward", SrsForwardCommand.class),
                    of("reverse", SrsReverseCommand.class),
                    of("verify", SrsVerifyCommand.class)),
            of("csv", CsvCommand.class, of("check", CsvCheckCommand.class), of("publish", CsvPublishCommand.class)),
            of(
                    "dkim2",
                    Dkim2Command.class,
                    of("keygen", Dkim2KeygenCommand.class),
                    of("sign", Dkim2SignCommand.class),
                    of("verify", Dkim2VerifyCommand.class),
                    of("bounce", Dkim2BounceCommand.class)),
            of(
                    "callout",
                    CalloutCommand.class,
                    of("verify", CalloutCommand.VerifyCommand.class),
                    of("explain-reply", ExplainReplyCommand.class)),
            of("check", CheckCommand.class),
            of("serve", ServeCommand.class),
            of("reload", ReloadCommand.class),
            of("report", ReportCommand.class),
            of("history", HistoryCommand.class),
            of("why", WhyCommand.class),
            of("state", StateCommand.class),
            of("forget", ForgetCommand.class),
            of("simulate", SimulateCommand.class, of("joe-job", SimulateCommand.JoeJobCommand.class)),
            of("demo", DemoCommand.class),
            of("generate-completion", AutoComplete.GenerateCompletion.class));

    private static Subcommand of(String name, Class<?> type, Subcommand... subcommands) {
        return new Subcommand(name, type, List.of(subcommands));
    }

    /** Adds the one that the arguments name, or all of them, with their own subcommands likewise. */
    static void add(CommandLine command, List<Subcommand> subcommands, List<String> arguments) {
        String first = arguments.isEmpty() ? "" : arguments.get(0);
        for (Subcommand subcommand : subcommands) {
            // The completion is generated from all commands.
            if (subcommand.name.equals(first) && subcommand.type != AutoComplete.GenerateCompletion.class) {
                subcommand.addTo(command, arguments.subList(1, arguments.size()));
                return;
            }
        }
        for (Subcommand subcommand : subcommands) {
            subcommand.addTo(command, List.of());
        }
    }

    private void addTo(CommandLine command, List<String> arguments) {
        command.addSubcommand(type);
        add(Objects.requireNonNull(command.getSubcommands().get(name)), subcommands, arguments);
    }
}
