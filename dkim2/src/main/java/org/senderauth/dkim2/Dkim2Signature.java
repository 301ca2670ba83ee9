package org.senderauth.dkim2;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.senderauth.core.Ascii;
import org.senderauth.dkim2.WireMessage.Field;

/**
 * A DKIM2-Signature field (-06 section 8): one hop. Immutable.
 *
 * @param number i=, from 1
 * @param instance m=, the highest instance that the signature covers
 * @param time t=, seconds since 1970
 * @param domain d=, in lower case
 * @param binding the envelope of the hop, or the domain that it hands the message to
 * @param groups the groups of signature values in s=, at least one, each with at least one value
 * @param flags f=, in lower case
 * @param value the value as it was received, unfolded
 */
record Dkim2Signature(
        int number,
        int instance,
        long time,
        String domain,
        Binding binding,
        List<List<Value>> groups,
        Set<String> flags,
        String value) {

    static final String NAME = "dkim2-signature";

    /** The maximum size of a field in bytes. */
    static final int MAX_FIELD_BYTES = 64 << 10;

    /** The maximum number of recipients in rt=. */
    static final int MAX_RECIPIENTS = 1000;

    /** The maximum number of characters of n= (-06 section 8.3). */
    static final int MAX_NONCE = 64;

    private static final int MAX_VALUES_OF_ALGORITHM = 2;

    /** The binding of a hop to the next one. */
    sealed interface Binding {

        /**
         * The SMTP envelope.
         *
         * @param sender mf=
         * @param recipients rt=
         */
        record Envelope(SignedPath sender, List<SignedPath> recipients) implements Binding {}

        /**
         * A hop without SMTP.
         *
         * @param domain nd=, the domain of the next hop
         */
        record NextDomain(String domain) implements Binding {}
    }

    /**
     * A signature value.
     *
     * @param selector the selector, in lower case
     * @param algorithm the algorithm; nothing if it is unknown
     * @param signature the signature
     */
    record Value(String selector, Optional<SignatureAlgorithm> algorithm, byte[] signature) {}

    static Dkim2Signature parse(WireMessage message, Field field) throws MalformedMessageException {
        Optional<Integer> number = Optional.empty();
        try {
            if (field.end() - field.valueStart() > MAX_FIELD_BYTES) {
                throw MalformedMessageException.limit("exceeds " + MAX_FIELD_BYTES + " bytes");
            }
            String value = message.unfolded(field);
            TagList tags = TagList.parse(value, false);
            number = Optional.of(tags.ordinal("i"));
            int instance = tags.ordinal("m");
            long time = tags.number("t");
            String domain = domain(tags, "d");
            Binding binding = binding(tags);
            nonce(tags);
            return new Dkim2Signature(
                    number.get(),
                    instance,
                    time,
                    domain,
                    binding,
                    values(tags.require("s")),
                    flags(tags.get("f").orElse("")),
                    value);
        } catch (MalformedMessageException e) {
            throw new MalformedMessageException(
                    e.reason(), "DKIM2-Signature" + number.map(i -> " i=" + i).orElse("") + " " + e.text());
        }
    }

    private static String domain(TagList tags, String name) throws MalformedMessageException {
        return SignedPath.domain(tags.require(name))
                .filter(domain -> !domain.startsWith("["))
                .orElseThrow(() -> TagList.syntaxError(name));
    }

    private static Binding binding(TagList tags) throws MalformedMessageException {
        if (tags.get("nd").isEmpty()) {
            SignedPath sender = SignedPath.decode(tags.require("mf")).orElseThrow(() -> TagList.syntaxError("mf"));
            return new Binding.Envelope(sender, recipients(tags.require("rt")));
        }
        if (tags.get("mf").isPresent() || tags.get("rt").isPresent()) {
            throw new MalformedMessageException("unexpected nd=");
        }
        return new Binding.NextDomain(domain(tags, "nd"));
    }

    private static List<SignedPath> recipients(String text) throws MalformedMessageException {
        List<SignedPath> recipients = new ArrayList<>();
        for (String path : text.split(",", -1)) {
            if (recipients.size() == MAX_RECIPIENTS) {
                throw MalformedMessageException.limit("has more than " + MAX_RECIPIENTS + " recipients in rt=");
            }
            recipients.add(SignedPath.decode(path)
                    .filter(recipient -> !recipient.isNull())
                    .orElseThrow(() -> TagList.syntaxError("rt")));
        }
        return List.copyOf(recipients);
    }

    private static void nonce(TagList tags) throws MalformedMessageException {
        String nonce = tags.get("n").orElse("");
        if (nonce.length() > MAX_NONCE || nonce.indexOf(' ') >= 0 || nonce.indexOf('\t') >= 0) {
            throw TagList.syntaxError("n");
        }
    }

    private static Set<String> flags(String text) {
        Set<String> flags = new HashSet<>();
        for (String flag : text.split(",")) {
            flags.add(Ascii.toLowerCase(TagList.trim(flag)));
        }
        return Set.copyOf(flags);
    }

    private static List<List<Value>> values(String text) throws MalformedMessageException {
        List<List<Value>> groups = new ArrayList<>();
        Set<String> selectors = new HashSet<>();
        Map<String, Integer> algorithms = new HashMap<>();
        for (List<NamedValues.Value> group : NamedValues.parse("s", text)) {
            List<Value> values = new ArrayList<>();
            for (NamedValues.Value value : group) {
                Optional<String> selector = SignedPath.domain(value.first()).filter(name -> !name.startsWith("["));
                Optional<byte[]> signature = Base64Text.decode(value.third());
                if (selector.isEmpty() || !NamedValues.isTextString(value.second()) || signature.isEmpty()) {
                    throw TagList.syntaxError("s");
                }
                if (!selectors.add(selector.get())) {
                    throw new MalformedMessageException("has a duplicate selector");
                }
                if (algorithms.merge(value.second(), 1, Integer::sum) > MAX_VALUES_OF_ALGORITHM) {
                    throw new MalformedMessageException("has an algorithm more than twice");
                }
                values.add(new Value(selector.get(), SignatureAlgorithm.named(value.second()), signature.get()));
            }
            groups.add(List.copyOf(values));
        }
        return List.copyOf(groups);
    }

    /** The name of the field for messages. */
    String title() {
        return "DKIM2-Signature i=" + number;
    }

    /** Tests whether the domain of mf= is d= or below it (-06 section 8.4); true without mf= and for the null sender. */
    boolean isSenderAligned() {
        return !(binding instanceof Binding.Envelope envelope)
                || envelope.sender().isNull()
                || SignedPath.isAtOrBelow(envelope.sender().domain(), domain);
    }
}
