package io.replog.core.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KvTextTest {
    @Test
    void textIsItsUtf8() {
        for (String text : new String[] {"", "plain", "ünïcödé", "😀", "\uFFFD is text too", "\0\r\n"}) {
            assertThat(KvText.toBytes(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
            assertThat(KvText.fromBytes(KvText.toBytes(text))).isEqualTo(text);
            assertThat(KvText.isWellFormed(text)).isTrue();
        }
    }

    @Test
    void anyBytesComeBack() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            for (int k = 0; k < bytes.length; k++) {
                if (random.nextInt(3) == 0) {
                    // more beginnings of sequences than chance would give
                    bytes[k] = (byte) (0xc0 | random.nextInt(64));
                }
            }

            String text = KvText.fromBytes(bytes);

            assertThat(KvText.toBytes(text)).isEqualTo(bytes);
            boolean valid = new String(bytes, StandardCharsets.UTF_8).indexOf('\uFFFD') < 0;
            assertThat(KvText.isWellFormed(text)).isEqualTo(valid);
        }
    }

    @Test
    void partsOfACharacterAddUpToIt() {
        String text = KvText.fromBytes(new byte[] {(byte) 0xc3}) + KvText.fromBytes(new byte[] {(byte) 0xa9});

        assertThat(KvText.toBytes(text)).isEqualTo("é".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void loneSurrogatesThatStandForNoByteBecomeQuestionMarks() {
        assertThat(KvText.toBytes("a\uD800b")).isEqualTo("a?b".getBytes(StandardCharsets.UTF_8));
        assertThat(KvText.isWellFormed("a\uD800b")).isFalse();
    }
}
