package io.replog.node.web.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TextBodyTest {
    private static final JsonMapper JACKSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final JsonMapper JACKSON_ASCII =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private static TextBody parse(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return TextBody.parse(bytes, 0, bytes.length, "message", true);
    }

    private static String text(TextBody body) {
        return new String(body.text(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"message\":\"a\"}|a|",
                "{ \"message\" : \"a\" , \"w\" : 2 } |a|2",
                "{\"w\":\"majority\",\"message\":\"a\"}|a|majority",
                "{\"message\":\"a\",\"w\":0}|a|0",
                "{\"message\":\"a\",\"w\":-1}|a|-1",
                "{\"message\":\"a\",\"w\":1.5}|a|1.5",
                "{\"\\u006dessage\":\"\\\"\\\\\\/\\u00e9\\ud83d\\ude00\"}|\"\\/é😀|",
            })
    void readsTheTextAndTheWriteConcern(String json, String text, @Nullable String w) {
        TextBody body = parse(json);

        assertThat(text(body)).isEqualTo(text);
        assertThat(body.w()).isEqualTo(w);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~|'message'",
                "[]|'message'",
                "\"text\"|'message'",
                "{}|'message' is missing",
                "{\"w\":1}|'message' is missing",
                "{\"message\":1}|'message' is not a string",
                "{\"message\":null}|'message' is not a string",
                "{\"message\":[\"a\"]}|'message' is not a string",
                "{\"message\":\"a\",\"x\":1}|unknown field 'x'",
                "{\"message\":\"a\",\"message\":\"b\"}|'message' is there twice",
                "{\"message\":\"a\",\"w\":1,\"w\":1}|'w' is there twice",
                "{\"message\":\"a\",\"w\":null}|'w' is neither",
                "{\"message\":\"a\",\"w\":true}|'w' is neither",
                "{\"message\":\"a\",\"w\":[1]}|'w' is neither",
                "{\"message\":\"a\"|malformed",
                "{\"message\":\"a\",}|malformed",
                "{\"message\":\"a|does not end",
                "{\"message\":\"a\\|does not end",
                "{\"message\":\"a\\x\"}|escape",
                "{\"message\":\"a\\u12g4\"}|hexadecimal",
                "{\"message\":\"\\ud800\"}|surrogate",
                "{\"message\":\"\\udc00\"}|surrogate",
                "{\"message\":\"\\ud800\\u0041\"}|surrogate",
                "{\"message\":\"\\ud800\\ud800\"}|surrogate",
                "{\"message\":\"a\"} x|nothing may follow",
                "{\"message\":\"a\"}{}|nothing may follow",
                "{'message':'a'}|name",
                "{message:\"a\"}|name",
                "{\"message\" \"a\"}|':'",
            })
    void refusesAnythingElseAndSaysWhy(String json, String why) {
        assertThatExceptionOfType(MalformedJsonException.class)
                .isThrownBy(() -> parse(json))
                .withMessageContaining(why);
    }

    @Test
    void whiteSpaceMayStandBetweenTokens() {
        assertThat(text(parse(" \t\r\n{\n\"message\"\r:\t\"a\" }\n"))).isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ff",
                "c0af",
                "c1bf",
                "e0809f",
                "eda080",
                "edbfbf",
                "f08080af",
                "f4908080",
                "f5808080",
                "80",
                "c3",
                "e282",
                "f09f98"
            })
    void refusesMalformedUtf8(String hex) {
        byte[] malformed = HexFormat.of().parseHex(hex);
        byte[] json = new JsonBuffer(64)
                .ascii("{\"message\":\"")
                .raw(malformed)
                .ascii("\"}")
                .toBytes();

        assertThat(Utf8.firstMalformed(malformed, 0, malformed.length)).isZero();
        assertThatExceptionOfType(MalformedJsonException.class)
                .isThrownBy(() -> TextBody.parse(json, 0, json.length, "message", true))
                .withMessageContaining("UTF-8");
    }

    @Test
    void refusesControlCharactersThatAreNotEscaped() {
        for (char c = 0; c < 0x20; c++) {
            String json = "{\"message\":\"" + c + "\"}";
            assertThatExceptionOfType(MalformedJsonException.class).isThrownBy(() -> parse(json));
        }
    }

    @Test
    void readsWhatJacksonWrites() {
        Random random = new Random(1);
        for (int i = 0; i < 5_000; i++) {
            String text = randomText(random);
            String json = (random.nextBoolean() ? JACKSON : JACKSON_ASCII).writeValueAsString(Map.of("message", text));

            assertThat(text(parse(json))).isEqualTo(text);
        }
    }

    @Test
    void jacksonReadsWhatWeWrite() {
        Random random = new Random(2);
        for (int i = 0; i < 5_000; i++) {
            String text = randomText(random);
            byte[] json = new JsonBuffer(1).string(text).toBytes();

            assertThat(JACKSON.readValue(json, String.class)).isEqualTo(text);
        }
    }

    @Test
    void acceptsOfDamagedTextsWhatJacksonAccepts() {
        Random random = new Random(3);
        int accepted = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] json = JACKSON.writeValueAsBytes(Map.of("message", randomText(random)));
            int flips = random.nextInt(3);
            for (int flip = 0; flip < flips; flip++) {
                json[random.nextInt(json.length)] = (byte) random.nextInt(256);
            }
            @Nullable String ours = ours(json);
            @Nullable String theirs = jacksons(json);
            // Jackson lets some malformed UTF-8 pass as surrogates or replacements; we never accept more than it does.
            if (ours != null) {
                accepted++;
                assertThat(ours).isEqualTo(theirs);
            } else if (theirs != null
                    && isWellFormed(json)
                    && theirs.codePoints().noneMatch(TextBodyTest::isSurrogate)) {
                assertThat(theirs).as(new String(json, StandardCharsets.UTF_8)).isNull();
            }
        }
        assertThat(accepted).isGreaterThan(5_000);
    }

    private static boolean isWellFormed(byte[] json) {
        return Utf8.firstMalformed(json, 0, json.length) < 0;
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= 0xd800 && codePoint <= 0xdfff;
    }

    private static @Nullable String ours(byte[] json) {
        try {
            return text(TextBody.parse(json, 0, json.length, "message", true));
        } catch (MalformedJsonException e) {
            return null;
        }
    }

    private static @Nullable String jacksons(byte[] json) {
        try {
            JsonNode tree = JACKSON.readTree(json);
            JsonNode message = tree.get("message");
            return tree.size() == 1 && message != null && message.isString() ? message.stringValue() : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(20);
        for (int i = 0; i < length; i++) {
            int codePoint =
                    switch (random.nextInt(6)) {
                        case 0 -> random.nextInt(0x20);
                        case 1 -> "\"\\/\b\f\n\r\t".charAt(random.nextInt(8));
                        case 2 -> random.nextInt(0x800);
                        case 3 -> 0xe000 + random.nextInt(0x2000);
                        case 4 -> 0x10000 + random.nextInt(0x100000);
                        default -> 'a' + random.nextInt(26);
                    };
            text.appendCodePoint(codePoint);
        }
        return text.toString();
    }
}
