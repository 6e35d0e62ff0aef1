package io.replog.api.log;

import java.util.List;

/**
 * Answer of {@code GET /log}.
 *
 * @param entries   one for each index, in order
 * @param lastIndex last index that the node has stored durably
 */
public record LogEntries(List<LogEntryView> entries, long lastIndex) {}
