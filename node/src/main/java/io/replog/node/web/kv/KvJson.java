package io.replog.node.web.kv;

import io.replog.core.kv.KvText;
import io.replog.node.web.json.JsonBuffer;
import org.jspecify.annotations.Nullable;

/** Values in JSON. */
final class KvJson {
    private KvJson() {}

    static JsonBuffer stringOrNull(JsonBuffer json, @Nullable String text) {
        return text == null ? json.ascii("null") : string(json, text);
    }

    /**
     * Text as a string. Bytes that are not UTF-8, which come by the text port alone, stand there as the escape of the lone
     * surrogate that stands for them (see {@link KvText}), so that they can be told and turned back.
     */
    static JsonBuffer string(JsonBuffer json, String text) {
        if (KvText.isWellFormed(text)) {
            return json.string(text);
        }
        json.raw('"');
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isPair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (isPair) {
                plain.append(c).append(text.charAt(++i));
            } else if (Character.isSurrogate(c)) {
                drain(json, plain);
                json.ascii("\\u").ascii(Integer.toHexString(c));
            } else {
                plain.append(c);
            }
        }
        drain(json, plain);
        return json.raw('"');
    }

    private static void drain(JsonBuffer json, StringBuilder plain) {
        JsonBuffer quoted = new JsonBuffer(plain.length() + 16).string(plain.toString());
        byte[] bytes = quoted.toBytes();
        json.raw(bytes, 1, bytes.length - 2);
        plain.setLength(0);
    }
}
