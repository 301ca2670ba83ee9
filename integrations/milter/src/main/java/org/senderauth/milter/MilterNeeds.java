package org.senderauth.milter;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.senderauth.milter.MilterAnswer.MacroRequest;

/**
 * The needs of a handler. The session requests as much of them as the MTA offers, and nothing else. Immutable.
 */
public final class MilterNeeds {

    /** The envelope only. */
    public static final MilterNeeds ENVELOPE = builder().build();

    private final Set<MilterAction> actions;
    private final Set<String> headers;
    private final int contentBytes;
    private final boolean rejectedRecipients;
    private final List<MacroRequest> macros;

    private MilterNeeds(Builder builder) {
        this.actions = Set.copyOf(builder.actions);
        this.headers = builder.headers.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        this.contentBytes = builder.contentBytes;
        this.rejectedRecipients = builder.rejectedRecipients;
        this.macros = List.copyOf(builder.macros);
    }

    /** {@return a builder of the needs of a handler that reads the envelope only} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the changes that it makes} */
    public Set<MilterAction> actions() {
        return actions;
    }

    /** {@return the header fields that it is shown, by name in lower case} */
    public Set<String> headers() {
        return headers;
    }

    /** {@return how much of the beginning of a message it looks at, header included; 0 for nothing} */
    public int contentBytes() {
        return contentBytes;
    }

    /** {@return whether it is shown recipients that the MTA rejected} */
    public boolean rejectedRecipients() {
        return rejectedRecipients;
    }

    /** {@return the macros that it needs beyond the MTA's default; they replace the default of their stage} */
    public List<MacroRequest> macros() {
        return macros;
    }

    /** The answer to an offer: never more than was offered, since Sendmail drops a filter that asks for more. */
    MilterAnswer.Negotiated answer(MilterCommand.Negotiate offer, int version) {
        int actions = MilterAction.bits(actions()) & offer.actions();
        boolean mayChoose = MilterAction.of(offer.actions()).contains(MilterAction.CHOOSE_MACROS);
        if (mayChoose && !macros.isEmpty()) {
            actions |= MilterAction.bits(Set.of(MilterAction.CHOOSE_MACROS));
        }
        int wanted = 0;
        for (MilterOption option : options(MilterOption.SKIP.in(offer.options()))) {
            wanted |= option.bit();
        }
        return new MilterAnswer.Negotiated(version, actions, wanted & offer.options(), mayChoose ? macros : List.of());
    }

    private List<MilterOption> options(boolean skipIsOffered) {
        List<MilterOption> options = new ArrayList<>(List.of(
                MilterOption.NO_UNKNOWN,
                MilterOption.NO_REPLY_UNKNOWN,
                MilterOption.NO_REPLY_DATA,
                MilterOption.NO_REPLY_HEADER,
                MilterOption.NO_REPLY_END_OF_HEADERS,
                MilterOption.LEADING_SPACE));
        if (contentBytes == 0) {
            options.add(MilterOption.NO_BODY);
            if (headers.isEmpty()) {
                options.add(MilterOption.NO_HEADERS);
                options.add(MilterOption.NO_END_OF_HEADERS);
            }
        } else {
            // SKIP is an answer: an MTA that waits for none never learns that it has sent enough of the body.
            options.add(skipIsOffered ? MilterOption.SKIP : MilterOption.NO_REPLY_BODY);
        }
        if (rejectedRecipients) {
            options.add(MilterOption.REJECTED_RECIPIENTS);
        }
        return options;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MilterNeeds that
                && actions.equals(that.actions)
                && headers.equals(that.headers)
                && contentBytes == that.contentBytes
                && rejectedRecipients == that.rejectedRecipients
                && macros.equals(that.macros);
    }

    @Override
    public int hashCode() {
        return Objects.hash(actions, headers, contentBytes, rejectedRecipients, macros);
    }

    @Override
    public String toString() {
        return "MilterNeeds[actions=" + actions + ", headers=" + headers + ", contentBytes=" + contentBytes
                + ", rejectedRecipients=" + rejectedRecipients + ", macros=" + macros + "]";
    }

    /** Collects the needs. Not thread-safe. */
    public static final class Builder {

        private Set<MilterAction> actions = Set.of();
        private Set<String> headers = Set.of();
        private int contentBytes;
        private boolean rejectedRecipients;
        private List<MacroRequest> macros = List.of();

        private Builder() {}

        /**
         * Sets the changes that the handler makes; none by default.
         *
         * @param actions the changes
         */
        public Builder actions(Set<MilterAction> actions) {
            this.actions = Objects.requireNonNull(actions, "actions");
            return this;
        }

        /**
         * Sets the header fields that the handler reads; none by default.
         *
         * @param headers their names, case-insensitive
         */
        public Builder headers(Set<String> headers) {
            this.headers = Objects.requireNonNull(headers, "headers");
            return this;
        }

        /**
         * Sets how much of the beginning of a message the handler reads, header included; nothing by default.
         *
         * @param contentBytes the number of bytes; 0 for nothing
         * @throws IllegalArgumentException if it is negative
         */
        public Builder contentBytes(int contentBytes) {
            if (contentBytes < 0) {
                throw new IllegalArgumentException("contentBytes must be >= 0, was " + contentBytes);
            }
            this.contentBytes = contentBytes;
            return this;
        }

        /**
         * Sets whether the handler receives recipients that the MTA rejected; false by default.
         *
         * @param rejectedRecipients whether it does
         */
        public Builder rejectedRecipients(boolean rejectedRecipients) {
            this.rejectedRecipients = rejectedRecipients;
            return this;
        }

        /**
         * Sets the macros that replace the MTA's default of their stage; none by default.
         *
         * @param macros the macros of each such stage
         */
        public Builder macros(List<MacroRequest> macros) {
            this.macros = Objects.requireNonNull(macros, "macros");
            return this;
        }

        /**
         * Builds the needs.
         *
         * @return immutable needs
         */
        public MilterNeeds build() {
            return new MilterNeeds(this);
        }
    }
}
