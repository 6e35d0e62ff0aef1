package io.replog.api.client;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Status and headers of a response.
 *
 * @param status  100–599
 * @param headers by name in lower case; of a repeated header the last value
 */
record HttpHead(int status, Map<String, String> headers) {

    @Nullable String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }
}
