package org.senderauth.checks;

import java.net.URI;
import javax.tools.SimpleJavaFileObject;

/** A source for the compiler that is not a file. */
final class SourceText extends SimpleJavaFileObject {

    private final String text;

    private SourceText(String name, String text) {
        super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
        this.text = text;
    }

    /** Returns the source of a class, whose name has slashes after each package. */
    static SourceText of(String name, String text) {
        return new SourceText(name, text);
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
    }
}
