package org.senderauth.server;

import java.util.List;

/** A configuration that cannot be used, with all that is wrong with it. */
public final class ConfigException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    ConfigException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /**
     * The problems, in the order of the file.
     *
     * @return each problem on one line: {@code FILE:LINE: what is wrong; what to do}
     */
    public List<String> problems() {
        return problems;
    }
}
