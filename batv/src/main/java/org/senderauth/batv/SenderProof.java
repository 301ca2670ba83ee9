package org.senderauth.batv;

import java.util.Objects;
import org.senderauth.core.Ascii;
import org.senderauth.core.MailDomain;

/**
 * Proof that a sender is not forged, for {@link BounceGuard}. The caller has verified it.
 *
 * @param method the method
 * @param domain the domain that was proven, in lower case, in A-labels or U-labels; empty where the method proves the whole address
 */
public record SenderProof(Method method, String domain) {

    /** The method by which a sender is proven. */
    public enum Method {
        /** The client authenticated by SMTP AUTH as a user who may use the sender, or it is a trusted local client. */
        AUTHENTICATED,
        /** SPF result pass for the sender's domain (RFC 7208 section 2.6.3). */
        SPF_PASS,
        /** A valid DKIM signature (RFC 6376) of the sender's domain or a parent domain. */
        DKIM_PASS
    }

    /**
     * A proof.
     *
     * @param method the method
     * @param domain the domain that was proven; empty where the method proves the whole address
     * @throws IllegalArgumentException if SPF or DKIM has no domain
     */
    public SenderProof {
        Objects.requireNonNull(method, "method");
        domain = Ascii.toLowerCase(Objects.requireNonNull(domain, "domain"));
        if (method != Method.AUTHENTICATED) {
            domain = MailDomain.require(domain, "domain");
        }
    }

    /** {@return the proof that the client is authenticated as a user who may use the sender} */
    public static SenderProof authenticated() {
        return new SenderProof(Method.AUTHENTICATED, "");
    }

    /**
     * The proof by SPF.
     *
     * @param domain the domain of MAIL FROM for which the result is pass
     * @return the proof
     */
    public static SenderProof spfPass(String domain) {
        return new SenderProof(Method.SPF_PASS, domain);
    }

    /**
     * The proof by DKIM.
     *
     * @param domain the signing domain (tag {@code d=}) of a valid signature
     * @return the proof
     */
    public static SenderProof dkimPass(String domain) {
        return new SenderProof(Method.DKIM_PASS, domain);
    }

    /** Tests whether the proof is one of this domain: SPF proves it only, a DKIM signature its subdomains as well. */
    boolean covers(String senderDomain) {
        return switch (method) {
            case AUTHENTICATED -> true;
            case SPF_PASS -> senderDomain.equals(domain);
            case DKIM_PASS -> senderDomain.equals(domain) || senderDomain.endsWith('.' + domain);
        };
    }
}
