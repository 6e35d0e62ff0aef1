package io.replog.api.client;

import java.io.IOException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON as nodes write and read it. A member that a newer node adds is passed over. */
final class Json {
    static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Json() {}

    static <T> T read(byte[] body, Class<T> type) throws IOException {
        try {
            T value = MAPPER.readValue(body, type);
            if (value == null) {
                throw new IOException("the answer is empty");
            }
            return value;
        } catch (JacksonException e) {
            throw new IOException("the answer is not what a replog node writes: " + e.getOriginalMessage(), e);
        }
    }

    static byte[] write(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }
}
