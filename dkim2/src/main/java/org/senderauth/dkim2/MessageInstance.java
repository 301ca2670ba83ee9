package org.senderauth.dkim2;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.senderauth.dkim2.WireMessage.Field;

/**
 * A Message-Instance field (-06 section 7): the hashes of one state of the message. Immutable.
 *
 * @param number m=, from 1
 * @param groups the groups of hashes in h=, at least one, each with at least one hash
 * @param recipe whether it has a recipe (r=)
 * @param value the value as it was received, unfolded
 */
record MessageInstance(int number, List<List<Hash>> groups, boolean recipe, String value) {

    static final String NAME = "message-instance";

    /**
     * The hashes by one algorithm.
     *
     * @param algorithm the algorithm; nothing if it is unknown
     * @param header the hash of the header
     * @param body the hash of the body
     */
    record Hash(Optional<MessageHash.HashAlgorithm> algorithm, byte[] header, byte[] body) {}

    static MessageInstance parse(WireMessage message, Field field) throws MalformedMessageException {
        Optional<Integer> number = Optional.empty();
        try {
            String value = message.unfolded(field);
            TagList tags = TagList.parse(value, false);
            number = Optional.of(tags.ordinal("m"));
            List<List<Hash>> groups = hashes(tags.require("h"));
            Optional<String> recipe = tags.get("r");
            if (recipe.isPresent() && Base64Text.decode(recipe.get()).isEmpty()) {
                throw TagList.syntaxError("r");
            }
            return new MessageInstance(number.get(), groups, recipe.isPresent(), value);
        } catch (MalformedMessageException e) {
            throw new MalformedMessageException(
                    e.reason(), "Message-Instance" + number.map(m -> " m=" + m).orElse("") + " " + e.text());
        }
    }

    private static List<List<Hash>> hashes(String text) throws MalformedMessageException {
        List<List<Hash>> groups = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (List<NamedValues.Value> group : NamedValues.parse("h", text)) {
            List<Hash> hashes = new ArrayList<>();
            for (NamedValues.Value value : group) {
                Optional<byte[]> header = Base64Text.decode(value.second());
                Optional<byte[]> body = Base64Text.decode(value.third());
                if (!NamedValues.isTextString(value.first()) || header.isEmpty() || body.isEmpty()) {
                    throw TagList.syntaxError("h");
                }
                if (!names.add(value.first())) {
                    throw new MalformedMessageException("has a duplicate hash algorithm");
                }
                hashes.add(new Hash(algorithm(value.first()), header.get(), body.get()));
            }
            groups.add(List.copyOf(hashes));
        }
        return List.copyOf(groups);
    }

    private static Optional<MessageHash.HashAlgorithm> algorithm(String name) {
        for (MessageHash.HashAlgorithm algorithm : MessageHash.HashAlgorithm.values()) {
            if (algorithm.tagName().equals(name)) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }
}
