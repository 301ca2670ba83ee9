package org.senderauth.cli;

import java.util.List;
import org.senderauth.core.SafeText;
import org.senderauth.server.ErrorText;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The text of a usage error, in the words of our own messages. */
final class UsageErrorText {

    private UsageErrorText() {}

    static String of(ParameterException e) {
        if (e instanceof MissingParameterException missing
                && !missing.getMissing().isEmpty()) {
            return missing(missing.getMissing());
        }
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            return unknown(unmatched);
        }
        String text = ErrorText.of(e);
        if (text.isEmpty()) {
            return "usage error";
        }
        // A label such as TOPIC keeps its capital letters.
        boolean label = text.length() > 1 && Character.isUpperCase(text.charAt(1));
        return label ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }

    private static String missing(List<ArgSpec> arguments) {
        List<String> names = arguments.stream().map(UsageErrorText::name).toList();
        int last = names.size() - 1;
        String list = last == 0 ? names.get(0) : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
        boolean options = arguments.stream().allMatch(ArgSpec::isOption);
        String kind = options ? arguments.size() == 1 ? "required option " : "required options " : "";
        return "missing " + kind + list;
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static String unknown(UnmatchedArgumentException e) {
        String first = e.getUnmatched().get(0);
        String kind = e.isUnknownOption()
                ? "option"
                : e.getCommandLine().getSubcommands().isEmpty() ? "argument" : "command";
        List<String> similar = e.getSuggestions();
        return "unknown " + kind + " '" + SafeText.of(first) + "'"
                + (similar.isEmpty() ? "" : "; did you mean " + String.join(", ", similar) + "?");
    }
}
