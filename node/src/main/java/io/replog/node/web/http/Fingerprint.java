package io.replog.node.web.http;

import io.replog.core.kv.KvCommand;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Hash of a request's kind and content, by which a repeat is told from another request under the same key: FNV-1a with 64
 * bits. It stands in the log, so it never changes. Not thread-safe.
 */
public final class Fingerprint {
    private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private long hash = OFFSET_BASIS;

    /** @param kind what the request does, such as {@code "message"} */
    public Fingerprint(String kind) {
        for (int i = 0; i < kind.length(); i++) {
            add((byte) kind.charAt(i));
        }
        add((byte) 0);
    }

    /** @param value the command's value in bytes, empty for a deletion */
    public static long ofCommand(KvCommand command, byte[] value) {
        String condition =
                switch (command.condition()) {
                    case KvCommand.Condition.None _ -> "";
                    case KvCommand.Condition.IndexIs is -> "index " + is.index();
                    case KvCommand.Condition.Absent _ -> "absent";
                };
        return new Fingerprint(command.operation().name().toLowerCase(Locale.ROOT))
                .add(command.key().getBytes(StandardCharsets.UTF_8))
                .add(value)
                .add(condition.getBytes(StandardCharsets.US_ASCII))
                .value();
    }

    /** Of a single message, not of a batch of one. */
    public static long ofMessage(byte[] text) {
        return new Fingerprint("message").add(text).value();
    }

    /** Adds a text; where it ends counts too. */
    public Fingerprint add(byte[] text) {
        for (byte b : text) {
            add(b);
        }
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            add((byte) (text.length >>> shift));
        }
        return this;
    }

    public long value() {
        return hash;
    }

    private void add(byte b) {
        hash = (hash ^ (b & 0xff)) * PRIME;
    }
}
