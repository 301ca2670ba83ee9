package org.senderauth.testkit;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocket;
import org.opentest4j.AssertionFailedError;

/**
 * The server side of one SMTP connection for a script: it sends and receives lines, and can misbehave. What it receives is
 * recorded for the test. The script uses it from one thread; any thread can read the record.
 */
public final class SmtpPeer {

    /** The end of a connection, as the server saw it. */
    public enum Ending {
        /** It is still open. */
        OPEN,
        /** The client sent QUIT and then closed, or the server closed after answering it. */
        QUIT,
        /** The client closed without QUIT. */
        CLOSED_BY_CLIENT,
        /** The client reset the connection. */
        RESET_BY_CLIENT,
        /** The server closed before the client did. */
        CLOSED_BY_SERVER
    }

    /** The limit of {@link #flood}, for clients that never stop reading. */
    public static final long FLOOD_LIMIT = 64L * 1024 * 1024;

    private static final int CHUNK_OCTETS = 16 * 1024;

    private final Socket socket;
    private final List<String> writes = new CopyOnWriteArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private Socket channel;
    private InputStream in;
    private OutputStream out;
    private String pending = "";
    private volatile boolean encrypted;
    private volatile Ending ending = Ending.OPEN;

    SmtpPeer(Socket socket) throws IOException {
        this.socket = socket;
        this.channel = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        socket.setTcpNoDelay(true);
    }

    /**
     * Sends lines in one write.
     *
     * @param lines the lines, without newlines
     * @throws IOException if the client has closed
     */
    public void say(String... lines) throws IOException {
        sayRaw(String.join("\r\n", lines) + "\r\n");
    }

    /**
     * Sends bytes in one write.
     *
     * @param octets each character is one byte, U+0000 to U+00FF
     * @throws IOException if the client has closed
     */
    public void sayRaw(String octets) throws IOException {
        out.write(octets.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /**
     * Receives the client's next line.
     *
     * @return the line without its newline; UTF-8
     * @throws EOFException if the client closed instead
     * @throws IOException if the client reset the connection
     */
    public String hear() throws IOException {
        int lineEnd = pending.indexOf("\r\n");
        while (lineEnd < 0) {
            receive();
            lineEnd = pending.indexOf("\r\n");
        }
        String line = pending.substring(0, lineEnd);
        pending = pending.substring(lineEnd + 2);
        heard.add(line);
        return line;
    }

    /**
     * Receives the client's next line, which must start as expected.
     *
     * @param start the expected start
     * @return the line
     * @throws AssertionFailedError if it starts otherwise
     * @throws IOException if the client has closed
     */
    public String hear(String start) throws IOException {
        String line = hear();
        if (!line.startsWith(start)) {
            throw new AssertionFailedError("the client said something else", start, line);
        }
        return line;
    }

    /**
     * Receives lines without replies until the client closes.
     *
     * @throws IOException when it does
     */
    public void silence() throws IOException {
        while (true) {
            hear();
        }
    }

    /**
     * Receives bytes from the client, such as the start of a TLS handshake, and drops them.
     *
     * @return the number of bytes, at least one
     * @throws EOFException if the client closed instead
     * @throws IOException if the client reset the connection
     */
    public int hearOctets() throws IOException {
        return read(new byte[CHUNK_OCTETS]);
    }

    private void receive() throws IOException {
        byte[] chunk = new byte[CHUNK_OCTETS];
        String text = new String(chunk, 0, read(chunk), StandardCharsets.UTF_8);
        writes.add(text);
        pending += text;
    }

    private int read(byte[] chunk) throws IOException {
        int read = in.read(chunk);
        if (read < 0) {
            throw new EOFException("the client closed");
        }
        return read;
    }

    /**
     * Sends bytes one by one until all are sent or the client closes.
     *
     * @param octets each character is one byte
     * @param pause the time to wait before each
     * @throws IOException if the client closes meanwhile
     */
    public void drip(String octets, Duration pause) throws IOException {
        for (int i = 0; i < octets.length(); i++) {
            waitOrEnd(pause);
            sayRaw(octets.substring(i, i + 1));
        }
    }

    /**
     * Waits; what the client sends meanwhile is received later.
     *
     * @param pause the time
     * @throws IOException if the client closes meanwhile
     */
    public void waitOrEnd(Duration pause) throws IOException {
        channel.setSoTimeout((int) pause.toMillis());
        try {
            receive();
        } catch (SocketTimeoutException passed) {
            // The pause is over.
        } finally {
            channel.setSoTimeout(0);
        }
    }

    /**
     * Repeats the same bytes until the client closes, {@link #FLOOD_LIMIT} bytes at most.
     *
     * @param octets each character is one byte
     * @throws IOException when the client closes
     */
    public void flood(String octets) throws IOException {
        byte[] block =
                octets.repeat(Math.max(1, CHUNK_OCTETS / octets.length())).getBytes(StandardCharsets.ISO_8859_1);
        for (long sent = 0; sent < FLOOD_LIMIT; sent += block.length) {
            out.write(block);
        }
    }

    /**
     * Performs the TLS handshake after STARTTLS, with a self-signed certificate.
     *
     * @throws IOException if the handshake fails
     */
    public void startTls() throws IOException {
        SSLSocket tls = (SSLSocket) SelfSignedTls.context()
                .getSocketFactory()
                .createSocket(socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
        tls.setUseClientMode(false);
        tls.startHandshake();
        channel = tls;
        in = tls.getInputStream();
        out = tls.getOutputStream();
        pending = "";
        encrypted = true;
    }

    /**
     * Closes the connection after all lines were sent.
     *
     * @throws IOException if that fails
     */
    public void close() throws IOException {
        ending = saidQuit() ? Ending.QUIT : Ending.CLOSED_BY_SERVER;
        socket.close();
    }

    /**
     * Resets the connection.
     *
     * @throws IOException if that fails
     */
    public void reset() throws IOException {
        ending = Ending.CLOSED_BY_SERVER;
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /**
     * Returns the lines of the client so far.
     *
     * @return its lines, in order
     */
    public List<String> heard() {
        return List.copyOf(heard);
    }

    /**
     * Returns what the client sent so far, read by read: on loopback one write of the client is one element if it waits for
     * the reply before the next write.
     *
     * @return the bytes as UTF-8, with newlines
     */
    public List<String> writes() {
        return List.copyOf(writes);
    }

    /**
     * Returns the address of the client.
     *
     * @return its network address
     */
    public InetAddress client() {
        return socket.getInetAddress();
    }

    /**
     * Tests whether the connection is encrypted.
     *
     * @return true after {@link #startTls}
     */
    public boolean isEncrypted() {
        return encrypted;
    }

    /**
     * Returns the end of the connection.
     *
     * @return OPEN until it has
     */
    public Ending ending() {
        return ending;
    }

    /** Runs a script; the caller closes the socket. */
    void play(ScriptedSmtpServer.Script script) throws IOException {
        try {
            script.play(this);
            if (ending == Ending.OPEN) {
                close();
            }
        } catch (EOFException e) {
            ended(saidQuit() ? Ending.QUIT : Ending.CLOSED_BY_CLIENT);
        } catch (SocketException e) {
            ended(saidQuit() ? Ending.QUIT : Ending.RESET_BY_CLIENT);
        } catch (IOException e) {
            ended(Ending.CLOSED_BY_CLIENT);
        }
    }

    private void ended(Ending how) {
        if (ending == Ending.OPEN) {
            ending = how;
        }
    }

    private boolean saidQuit() {
        return heard.stream().anyMatch("QUIT"::equalsIgnoreCase);
    }
}
