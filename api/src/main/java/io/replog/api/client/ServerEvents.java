package io.replog.api.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads the data of server-sent events, one event after the other. Not thread-safe. */
final class ServerEvents {
    private static final String DATA = "data:";

    private final BufferedReader lines;

    ServerEvents(InputStream body) {
        lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    /** The next event, null at the end of the stream. */
    <T> @Nullable T next(Class<T> type) throws IOException {
        StringBuilder data = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty() && !data.isEmpty()) {
                return Json.read(data.toString().getBytes(StandardCharsets.UTF_8), type);
            }
            if (line.startsWith(DATA)) {
                data.append(line, DATA.length(), line.length());
            }
        }
        return null;
    }
}
