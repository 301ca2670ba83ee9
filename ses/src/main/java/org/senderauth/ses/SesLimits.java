package org.senderauth.ses;

/**
 * How often one signature may be used; 0 lifts a limit, and nothing is counted for it.
 *
 * @param bounces bounces delivered
 * @param publicLookups public look-ups; one message to many recipients is looked up by each of their servers
 * @param addresses different client addresses that public look-ups name, where the zone learns them ({@code %{i}}); a
 *     signature that comes from more is refused from then on, wherever it comes from
 */
public record SesLimits(int bounces, int publicLookups, int addresses) {

    /** Ten bounces, a hundred public look-ups, twenty client addresses. */
    public static final SesLimits DEFAULT = new SesLimits(10, 100, 20);

    /** Nothing is limited. */
    public static final SesLimits NONE = new SesLimits(0, 0, 0);

    /**
     * Makes limits.
     *
     * @param bounces bounces delivered
     * @param publicLookups public look-ups
     * @param addresses different client addresses
     * @throws IllegalArgumentException if one is negative
     */
    public SesLimits {
        if (bounces < 0 || publicLookups < 0 || addresses < 0) {
            throw new IllegalArgumentException("a limit must be positive, or 0 for none");
        }
    }
}
