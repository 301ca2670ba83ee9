package org.senderauth.server;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.senderauth.postfix.MalformedRequestException;
import org.senderauth.postfix.Protocol;
import org.senderauth.postfix.RequestInput;

/** A protocol whose handler can be exchanged while its connections stay: what a reload does. */
final class ReloadableProtocol<R> implements Protocol<R> {

    private volatile @Nullable Protocol<R> protocol;

    void set(Protocol<R> newProtocol) {
        this.protocol = newProtocol;
    }

    private Protocol<R> current() {
        return Objects.requireNonNull(protocol, "set before a server starts");
    }

    @Override
    public R read(RequestInput in) throws IOException, MalformedRequestException {
        return current().read(in);
    }

    /** A connection that has a protocol of its own keeps it, and with it the configuration, to its end. */
    @Override
    public Protocol<R> connected() {
        Protocol<R> now = current();
        Protocol<R> own = now.connected();
        return own == now ? this : own;
    }

    @Override
    public Reply answer(R request) {
        return current().answer(request);
    }
}
