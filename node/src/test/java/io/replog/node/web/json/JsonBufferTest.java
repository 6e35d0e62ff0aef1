package io.replog.node.web.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBufferTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 9, 10, 99, 100, 123_456_789, Long.MAX_VALUE})
    void writesNumbers(long number) {
        assertThat(text(new JsonBuffer(1).number(number))).isEqualTo(Long.toString(number));
    }

    @Test
    void refusesNegativeNumbers() {
        assertThatIllegalArgumentException().isThrownBy(() -> new JsonBuffer(1).number(-1));
    }

    @Test
    void writesArraysOfIds() {
        assertThat(text(new JsonBuffer(1).plainStrings(List.of()))).isEqualTo("[]");
        assertThat(text(new JsonBuffer(1).plainStrings(List.of("a", "b")))).isEqualTo("[\"a\",\"b\"]");
    }

    @Test
    void escapesWhatMustBeAndNothingElse() {
        assertThat(text(new JsonBuffer(1).string("\"\\/\u0000\u001f\n\u007fé\u2028😀")))
                .isEqualTo("\"\\\"\\\\/\\u0000\\u001f\\n\u007fé\u2028😀\"");
    }

    @Test
    void escapesEachByteAtEachPlace() {
        for (int character = 0; character < 0x80; character++) {
            for (int place = 0; place < 20; place++) {
                String text = "x".repeat(place) + (char) character + "é".repeat(10);

                String json = text(new JsonBuffer(1).string(text));

                assertThat(json)
                        .isEqualTo("\"" + "x".repeat(place) + escaped((char) character) + "é".repeat(10) + "\"");
            }
        }
    }

    private static String escaped(char character) {
        return switch (character) {
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            default -> character < ' ' ? String.format(Locale.ROOT, "\\u%04x", (int) character) : "" + character;
        };
    }

    private static String text(JsonBuffer buffer) {
        return new String(buffer.toBytes(), StandardCharsets.UTF_8);
    }
}
