package org.senderauth.postfix;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * A TCP or UNIX socket that is listened on; it does not block.
 *
 * @param channel the socket
 * @param address where it listens, with the port that the system gave
 */
record ListenSocket(ServerSocketChannel channel, SocketAddress address) implements AutoCloseable {

    private static final int BACKLOG = 1024;

    /**
     * Listens. The file of a UNIX socket without a listening process is replaced.
     *
     * @throws IOException if that is impossible; the message names the address
     */
    static ListenSocket open(SocketAddress address, Set<PosixFilePermission> socketPermissions) throws IOException {
        ServerSocketChannel channel = null;
        try {
            channel = address instanceof UnixDomainSocketAddress unix
                    ? unix(unix, socketPermissions)
                    : ServerSocketChannel.open()
                            .setOption(StandardSocketOptions.SO_REUSEADDR, true)
                            .bind(address, BACKLOG);
            channel.configureBlocking(false);
            return new ListenSocket(channel, channel.getLocalAddress());
        } catch (IOException e) {
            if (channel != null) {
                channel.close();
            }
            throw new IOException("cannot listen on " + ListenAddress.text(address) + ": " + e.getMessage(), e);
        }
    }

    private static ServerSocketChannel unix(UnixDomainSocketAddress address, Set<PosixFilePermission> permissions)
            throws IOException {
        ListenAddress.removeStaleSocket(address);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(address, BACKLOG);
            Files.setPosixFilePermissions(address.getPath(), permissions);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (address instanceof UnixDomainSocketAddress unix) {
            Files.deleteIfExists(unix.getPath());
        }
    }
}
