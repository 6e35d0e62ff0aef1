package io.replog.node.web.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The body of a write: {@code {"message":"text","w":2}}, or with another name for the text.
 *
 * @param text UTF-8
 * @param w    the write concern as it stands there, a number without its quotation marks; null where there is none
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of bytes, never compared
public record TextBody(byte[] text, @Nullable String w) {

    /**
     * Reads a JSON object that has the text under the name {@code field}, perhaps {@code w}, and nothing else.
     *
     * @param field    name of the text, ASCII
     * @param acceptsW whether {@code w} is accepted
     * @throws MalformedJsonException says what is wrong and what is accepted
     */
    public static TextBody parse(byte[] bytes, int from, int to, String field, boolean acceptsW) {
        JsonReader in = new JsonReader(bytes, from, to);
        in.expect('{', "at the beginning of a JSON object with '" + field + "'");
        byte @Nullable [] text = null;
        @Nullable String w = null;
        if (!in.skip('}')) {
            do {
                byte[] name = nameOf(in);
                in.expect(':', "after a field's name");
                if (isNamed(name, field)) {
                    requireFirst(text == null, field);
                    text = text(in, field);
                } else if (acceptsW && name.length == 1 && name[0] == 'w') {
                    requireFirst(w == null, "w");
                    w = writeConcern(in);
                } else {
                    throw new MalformedJsonException("unknown field '" + new String(name, StandardCharsets.UTF_8)
                            + "': accepted are '" + field + "'" + (acceptsW ? " and 'w'" : " alone"));
                }
            } while (in.skip(','));
            in.expect('}', "or ',' after a field");
        }
        in.expectEnd();
        if (text == null) {
            throw new MalformedJsonException("'" + field + "' is missing: accepted is a string");
        }
        return new TextBody(text, w);
    }

    private static byte[] nameOf(JsonReader in) {
        if (!in.atString()) {
            throw in.malformed("expected a field's name in quotation marks");
        }
        return in.string();
    }

    private static byte[] text(JsonReader in, String field) {
        if (!in.atString()) {
            throw new MalformedJsonException("'" + field + "' is not a string: accepted is a string");
        }
        return in.string();
    }

    private static String writeConcern(JsonReader in) {
        if (in.atString()) {
            return new String(in.string(), StandardCharsets.UTF_8);
        }
        String token = in.bareToken();
        boolean isNumber = !token.isEmpty() && (Character.isDigit(token.charAt(0)) || token.charAt(0) == '-');
        if (!isNumber) {
            throw new MalformedJsonException("'w' is neither a whole number nor a string: accepted are a whole number"
                    + " from 1, \"majority\" and \"all\"");
        }
        return token;
    }

    private static boolean isNamed(byte[] name, String field) {
        return name.length == field.length() && Arrays.equals(name, field.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void requireFirst(boolean isFirst, String field) {
        if (!isFirst) {
            throw new MalformedJsonException("'" + field + "' is there twice: accepted is once");
        }
    }
}
