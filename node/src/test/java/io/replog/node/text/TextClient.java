package io.replog.node.text;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A raw connection to the text port. Bytes are ISO-8859-1 characters here, so that all of them can be written down. */
final class TextClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    TextClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        in = new BufferedInputStream(socket.getInputStream());
    }

    TextClient send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** Sends a command as an array of bulk strings. */
    TextClient command(String... arguments) throws IOException {
        return send(array(arguments));
    }

    static String array(String... arguments) {
        StringBuilder text = new StringBuilder("*" + arguments.length + "\r\n");
        for (String argument : arguments) {
            text.append('$')
                    .append(argument.length())
                    .append("\r\n")
                    .append(argument)
                    .append("\r\n");
        }
        return text.toString();
    }

    /** Sends a command and gives its reply. */
    String ask(String... arguments) throws IOException {
        return command(arguments).reply();
    }

    /** The next reply: {@code +text}, {@code -error}, {@code :number}, a bulk string bare, {@code nil}, or {@code [a, b]}. */
    String reply() throws IOException {
        String line = line();
        return switch (line.charAt(0)) {
            case '+', '-', ':' -> line;
            case '$' -> {
                int length = Integer.parseInt(line.substring(1));
                if (length < 0) {
                    yield "nil";
                }
                String value = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
                line();
                yield value;
            }
            case '*' -> {
                List<String> elements = new ArrayList<>();
                int count = Integer.parseInt(line.substring(1));
                for (int i = 0; i < count; i++) {
                    elements.add(reply());
                }
                yield elements.toString();
            }
            default -> throw new IOException("not RESP: " + line);
        };
    }

    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException();
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    TextClient endInput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** All that comes until the other side closes. */
    String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    boolean isClosedByPeer() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
