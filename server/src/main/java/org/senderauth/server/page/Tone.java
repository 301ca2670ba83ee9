package org.senderauth.server.page;

/** The meaning of a part of a picture, which is its color. */
public enum Tone {
    /** Good: a pass, a match. */
    GOOD("#1a7f37"),
    /** Bad: a failure, an error. */
    BAD("#b42318"),
    /** To be looked at: a temporary failure, a warning. */
    WARNING("#b54708"),
    /** Neither. */
    PLAIN("#57606a");

    private final String color;

    Tone(String color) {
        this.color = color;
    }

    /** {@return its color in CSS and SVG} */
    String color() {
        return color;
    }
}
