package org.senderauth.core;

import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;

/** HKDF-SHA256 (RFC 5869). The only class that needs Bouncy Castle, loaded when the first key is derived. */
final class Hkdf {

    private Hkdf() {}

    static byte[] derive(byte[] secret, byte[] info, int length) {
        HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA256Digest());
        hkdf.init(new HKDFParameters(secret, null, info));
        byte[] derived = new byte[length];
        hkdf.generateBytes(derived, 0, derived.length);
        return derived;
    }
}
