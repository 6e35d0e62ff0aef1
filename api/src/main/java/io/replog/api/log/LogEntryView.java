package io.replog.api.log;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What takes one index of the log. The messages of a batch are stored in one frame: they have its {@code bytes} and
 * {@code crc} in common, and say how many they are.
 *
 * @param index the place
 * @param term  term of the entry; 0 for the founding membership
 * @param type  {@code message}, {@code command}, {@code no-op} or {@code membership}
 * @param id    number of the message, null where it is none
 * @param bytes length of the stored frame
 * @param crc   CRC32C of the stored frame, eight hexadecimal digits
 * @param batch how many messages share the frame, null where it is one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LogEntryView(
        long index,
        long term,
        String type,
        @Nullable Long id,
        int bytes,
        String crc,
        @Nullable Integer batch) {}
