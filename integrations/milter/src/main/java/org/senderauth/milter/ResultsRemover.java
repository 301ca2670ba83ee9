package org.senderauth.milter;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.senderauth.core.SmtpReply;

/**
 * Deletes the {@code Authentication-Results} fields of one name from each message. It runs before the DKIM verifier of that
 * name: what {@link PolicyMilter} finds after the verifier was then not written by a client. The place of a field proves
 * nothing, since MTAs hide their own {@code Received} from milters. Thread-safe.
 */
public final class ResultsRemover implements MilterHandler {

    /** The maximum number of such fields in one message; a host that is not hostile sends none. */
    private static final int MAX_FIELDS = 1000;

    private static final SmtpReply TOO_MANY_FIELDS =
            new SmtpReply(550, "5.6.0", "Too many Authentication-Results fields with the name of this host");

    private static final MilterNeeds NEEDS = MilterNeeds.builder()
            .actions(EnumSet.of(MilterAction.CHANGE_HEADERS))
            .headers(Set.of(PolicyMilter.AUTHENTICATION_RESULTS))
            .build();

    private final String authservId;

    /**
     * Creates a filter.
     *
     * @param authservId the name of the DKIM verifier in its fields
     */
    public ResultsRemover(String authservId) {
        this.authservId = Objects.requireNonNull(authservId, "authservId");
    }

    @Override
    public MilterNeeds needs() {
        return NEEDS;
    }

    @Override
    public ForMessage message(MilterMessage message) {
        return new ForMessage() {
            private final List<MilterHeader> forged = new ArrayList<>();

            @Override
            public void header(MilterHeader header) {
                if (forged.size() <= MAX_FIELDS && AuthservId.is(authservId, header.value())) {
                    forged.add(header);
                }
            }

            @Override
            public MilterVerdict end(MilterChanges changes) {
                if (forged.size() > MAX_FIELDS) {
                    return MilterVerdict.reply(TOO_MANY_FIELDS);
                }
                forged.forEach(field -> changes.deleteHeader(field.name(), field.index()));
                return MilterVerdict.CONTINUE;
            }
        };
    }
}
