package org.senderauth.cli.serve;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.senderauth.postfix.BrokenRequestException;
import org.senderauth.postfix.Protocol;
import org.senderauth.postfix.RequestInput;

/** A protocol whose handler can be exchanged while its connections stay: what a reload does. */
final class Current<R> implements Protocol<R> {

    private volatile @Nullable Protocol<R> protocol;

    void set(Protocol<R> newProtocol) {
        this.protocol = newProtocol;
    }

    private Protocol<R> current() {
        return Objects.requireNonNull(protocol, "set before a server starts");
    }

    @Override
    public R read(RequestInput in) throws IOException, BrokenRequestException {
        return current().read(in);
    }

    @Override
    public Reply answer(R request) {
        return current().answer(request);
    }
}
