package io.replog.storage;

import io.replog.core.kv.KvCommand;
import io.replog.core.log.EntryCodec;
import io.replog.core.log.LogEntry;
import io.replog.core.log.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what is cut off the log in {@code rollbacks/<number>-<index>.ndjson}, for people: a JSON object for each message
 * and command, in order.
 */
final class RollbackFile {
    static final String FOLDER = "rollbacks";

    private static final String SUFFIX = ".ndjson";
    private static final int BUFFER_BYTES = 64 << 10;

    private RollbackFile() {}

    /**
     * Writes what {@code cut} still gives; durable when it returns.
     *
     * @throws DiskFullException where there is no room; nothing is left behind
     */
    static void write(Disk disk, LogCursor cut, long fromIndex) throws IOException {
        String name = FOLDER + "/" + "%06d-%d".formatted(nextNumber(disk), fromIndex) + SUFFIX;
        String temporary = name + WholeFile.TEMPORARY;
        try (Disk.File file = disk.open(temporary)) {
            file.truncate(0);
            StringBuilder lines = new StringBuilder();
            long position = 0;
            for (@Nullable LogEntry entry = cut.next(); entry != null; entry = cut.next()) {
                describe(entry, lines);
                if (lines.length() >= BUFFER_BYTES) {
                    position += write(file, lines, position);
                }
            }
            write(file, lines, position);
            file.force();
        } catch (DiskFullException e) {
            disk.delete(temporary);
            throw e;
        }
        disk.rename(temporary, name);
        disk.forceFolder(FOLDER);
    }

    private static long nextNumber(Disk disk) throws IOException {
        List<String> names = disk.list(FOLDER);
        return names.stream()
                        .filter(name -> name.matches("[0-9]{6,}-.*"))
                        .mapToLong(name -> Long.parseLong(name.substring(0, name.indexOf('-'))))
                        .max()
                        .orElse(0)
                + 1;
    }

    private static int write(Disk.File file, StringBuilder lines, long position) throws IOException {
        byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
        file.write(ByteBuffer.wrap(bytes), position);
        lines.setLength(0);
        return bytes.length;
    }

    private static void describe(LogEntry entry, StringBuilder lines) {
        switch (EntryCodec.payload(entry)) {
            case Payload.Messages messages -> {
                for (int at = 0; at < messages.texts().size(); at++) {
                    begin(entry, entry.firstIndex() + at, lines)
                            .append(",\"id\":")
                            .append(entry.firstId() + at);
                    text("message", new String(messages.texts().get(at), StandardCharsets.UTF_8), lines);
                    lines.append("}\n");
                }
            }
            case Payload.Command(KvCommand command) -> {
                begin(entry, entry.lastIndex(), lines);
                text("operation", command.operation().name(), lines);
                text("key", command.key(), lines);
                text("value", command.value(), lines);
                lines.append("}\n");
            }
            case Payload.NoOp noOp ->
                begin(entry, entry.lastIndex(), lines)
                        .append(",\"view\":")
                        .append(noOp.view())
                        .append("}\n");
            case Payload.MembershipChange change -> {
                begin(entry, entry.lastIndex(), lines).append(",\"view\":").append(change.view());
                text("membership", change.membership().members().toString(), lines);
                lines.append("}\n");
            }
            case Payload.Omitted omitted ->
                begin(entry, entry.lastIndex(), lines).append(",\"omitted\":true}\n");
        }
    }

    private static StringBuilder begin(LogEntry entry, long index, StringBuilder lines) {
        return lines.append("{\"index\":")
                .append(index)
                .append(",\"term\":")
                .append(entry.term())
                .append(",\"timestamp\":")
                .append(entry.timestampMillis())
                .append(",\"type\":\"")
                .append(entry.type())
                .append('"');
    }

    private static void text(String name, String value, StringBuilder lines) {
        lines.append(",\"").append(name).append("\":\"");
        for (int at = 0; at < value.length(); at++) {
            char character = value.charAt(at);
            switch (character) {
                case '"' -> lines.append("\\\"");
                case '\\' -> lines.append("\\\\");
                case '\n' -> lines.append("\\n");
                case '\r' -> lines.append("\\r");
                case '\t' -> lines.append("\\t");
                default -> {
                    if (character < ' ' || (Character.isSurrogate(character) && !isPaired(value, at))) {
                        lines.append("\\u%04x".formatted((int) character));
                    } else {
                        lines.append(character);
                    }
                }
            }
        }
        lines.append('"');
    }

    private static boolean isPaired(String value, int at) {
        return Character.isHighSurrogate(value.charAt(at))
                ? at + 1 < value.length() && Character.isLowSurrogate(value.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(value.charAt(at - 1));
    }
}
