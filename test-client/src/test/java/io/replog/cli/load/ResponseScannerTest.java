package io.replog.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ResponseScannerTest {
    private final ResponseScanner scanner = new ResponseScanner();

    @Test
    void findsTheEndByLengthWhereverTheBytesWereCut() {
        byte[] response = bytes("HTTP/1.1 201 \r\nReplog-Node: master\r\ncontent-Length:  5\r\n\r\nhello");

        for (int length = 0; length < response.length; length++) {
            assertThat(scanner.scan(response, length)).isEqualTo(ResponseScanner.INCOMPLETE);
        }
        assertThat(scanner.scan(response, response.length)).isEqualTo(response.length);
        assertThat(scanner.status()).isEqualTo(201);
        assertThat(scanner.bodyStart()).isEqualTo(response.length - 5);
        assertThat(scanner.isClosing()).isFalse();
    }

    @Test
    void findsTheEndOfChunks() {
        byte[] response = bytes("HTTP/1.1 503 \r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n");

        for (int length = 0; length < response.length; length++) {
            assertThat(scanner.scan(response, length)).isEqualTo(ResponseScanner.INCOMPLETE);
        }
        assertThat(scanner.scan(response, response.length)).isEqualTo(response.length);
        assertThat(scanner.status()).isEqualTo(503);
    }

    @Test
    void noticesThatTheNodeCloses() {
        byte[] response = bytes("HTTP/1.1 500 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        assertThat(scanner.scan(response, response.length)).isEqualTo(response.length);
        assertThat(scanner.isClosing()).isTrue();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
