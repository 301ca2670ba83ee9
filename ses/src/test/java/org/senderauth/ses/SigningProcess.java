package org.senderauth.ses;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import org.senderauth.core.MailAddress;

/** A program that signs one sender with four threads, until it is killed, and prints each signed address. */
final class SigningProcess {

    private static final int THREADS = 4;
    // Small, so most signatures coincide with a write of the file.
    private static final int BLOCK = 2;

    private SigningProcess() {}

    /** Takes the file of serial numbers, how many servers sign, and which one this is. */
    public static void main(String[] arguments) {
        SerialNumbers ids = FileSerialNumbers.in(Path.of(arguments[0]), BLOCK);
        Ses ses = Ses.builder()
                .keyring(SesFixture.keyring())
                .clock(InstantSource.fixed(SesFixture.NOON))
                .serialNumbers(
                        SerialNumbers.ofServer(ids, Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2])))
                .build();
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        for (int i = 0; i < THREADS; i++) {
            new Thread(() -> sign(ses, out)).start();
        }
    }

    private static void sign(Ses ses, OutputStream out) {
        while (true) {
            SesSigningResult signing = ses.trySign(SesFixture.ALICE);
            MailAddress address = signing.address();
            String line = (signing.outcome() == SesSigningResult.Outcome.SIGNED ? address : signing.reason()) + "\n";
            try {
                // One write for a line: the kill leaves no half of one.
                out.write(line.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                return;
            }
        }
    }
}
