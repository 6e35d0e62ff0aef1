package io.replog.cli.load;

/**
 * Finds the end of an HTTP/1.1 response in what has come so far, without allocating: status, length and whether it is
 * chunked are all that it looks at. Not thread-safe.
 */
final class ResponseScanner {
    /** The response has not come whole yet. */
    static final int INCOMPLETE = -1;

    private static final byte[] LENGTH = {'c', 'o', 'n', 't', 'e', 'n', 't', '-', 'l', 'e', 'n', 'g', 't', 'h', ':'};
    private static final byte[] CLOSE = {
        'c', 'o', 'n', 'n', 'e', 'c', 't', 'i', 'o', 'n', ':', ' ', 'c', 'l', 'o', 's', 'e'
    };
    private static final byte[] CHUNKED_END = {'0', '\r', '\n', '\r', '\n'};

    private int status;
    private int bodyStart;
    private boolean closing;

    /** Status of the response that {@link #scan} found. */
    int status() {
        return status;
    }

    /** Where its body begins. */
    int bodyStart() {
        return bodyStart;
    }

    /** Whether the node closes the connection after it. */
    boolean isClosing() {
        return closing;
    }

    /** Length of the response at the start of {@code bytes}, or {@link #INCOMPLETE}. */
    int scan(byte[] bytes, int length) {
        int contentLength = -1;
        closing = false;
        for (int i = 0; i + 3 < length; i++) {
            if (bytes[i] != '\r' || bytes[i + 1] != '\n') {
                continue;
            }
            int lineStart = i + 2;
            if (bytes[lineStart] == '\r' && bytes[lineStart + 1] == '\n') {
                bodyStart = lineStart + 2;
                status = (bytes[9] - '0') * 100 + (bytes[10] - '0') * 10 + (bytes[11] - '0');
                return end(bytes, length, contentLength);
            }
            if (startsWith(bytes, lineStart, length, LENGTH)) {
                contentLength = number(bytes, lineStart + LENGTH.length, length);
            } else if (startsWith(bytes, lineStart, length, CLOSE)) {
                closing = true;
            }
        }
        return INCOMPLETE;
    }

    private int end(byte[] bytes, int length, int contentLength) {
        if (contentLength >= 0) {
            return length >= bodyStart + contentLength ? bodyStart + contentLength : INCOMPLETE;
        }
        // One request at a time is under way, so a chunked body ends where the bytes end.
        int tail = length - CHUNKED_END.length;
        return tail >= bodyStart && startsWith(bytes, tail, length, CHUNKED_END) ? length : INCOMPLETE;
    }

    private static boolean startsWith(byte[] bytes, int at, int length, byte[] lowerCase) {
        if (at + lowerCase.length > length) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            byte b = bytes[at + i];
            if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    private static int number(byte[] bytes, int from, int length) {
        int at = from;
        while (at < length && bytes[at] == ' ') {
            at++;
        }
        int number = 0;
        while (at < length && bytes[at] >= '0' && bytes[at] <= '9') {
            number = number * 10 + (bytes[at++] - '0');
        }
        return number;
    }
}
