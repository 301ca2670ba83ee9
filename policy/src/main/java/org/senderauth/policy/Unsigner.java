package org.senderauth.policy;

import java.util.Objects;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvResult;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesUse;

/**
 * Takes our own signatures off recipients, so that mail to them finds its mailbox. A signature whose time is over is taken
 * off too: ordinary mail to it is welcome, a bounce of this host's own may have waited long, and whether a bounce from
 * outside is welcome is for {@link SenderPolicy} to say, about the address as it came. Thread-safe.
 */
@FunctionalInterface
public interface Unsigner {

    /** Knows no signatures. */
    Unsigner NONE = address -> new Unsigned.NotOurs();

    /**
     * Takes the signature off an address. Looking counts as no use of it.
     *
     * @param address the address without angle brackets, or what a client said in its place
     * @return what is behind it
     */
    Unsigned unsign(String address);

    /**
     * Takes BATV tags off.
     *
     * @param batv has the keys
     * @return an unsigner for its tags; a forged one is not ours
     */
    static Unsigner of(Batv batv) {
        Objects.requireNonNull(batv, "batv");
        return address -> {
            BatvResult result = batv.verify(address);
            return switch (result.verdict()) {
                case VALID, EXPIRED ->
                    new Unsigned.Original(result.original().orElseThrow().toString());
                case UNAVAILABLE -> new Unsigned.TryLater("the keys cannot be had now");
                default -> new Unsigned.NotOurs();
            };
        };
    }

    /**
     * Takes SES signatures off.
     *
     * @param ses has the keys
     * @return an unsigner for its signatures; a forged one is not ours
     */
    static Unsigner of(Ses ses) {
        Objects.requireNonNull(ses, "ses");
        return address -> ses.verify(address, SesUse.BOUNCE_PROBE)
                .original()
                .<Unsigned>map(original -> new Unsigned.Original(original.toString()))
                .orElseGet(Unsigned.NotOurs::new);
    }

    /**
     * This unsigner, and another one for what is not signed in its way.
     *
     * @param other the other one
     * @return both
     */
    default Unsigner or(Unsigner other) {
        return address -> {
            Unsigned unsigned = unsign(address);
            return unsigned instanceof Unsigned.NotOurs ? other.unsign(address) : unsigned;
        };
    }
}
