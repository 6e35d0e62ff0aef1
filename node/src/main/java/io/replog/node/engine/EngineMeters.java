package io.replog.node.engine;

/** What the engine counts. Called by its threads on their hot paths: implementations are quick and thread-safe. */
public interface EngineMeters {
    /** Counts nothing. */
    EngineMeters NONE = new EngineMeters() {};

    /** The log was forced to disk. */
    default void forced(long nanos) {}

    /** The disk had no room for a write or for replicated entries. */
    default void diskFull() {}

    /** The replica took a batch of inputs. */
    default void stepped(int inputs, long nanos) {}

    /** Entries were given to the log: {@code indexes} of it, {@code bytes} in all. */
    default void appended(long indexes, long bytes) {}

    /** A write was acknowledged this long after it came in. */
    default void acknowledged(long nanos) {}

    /** A request was refused, or its outcome is unknown. */
    default void notAcknowledged(String outcome) {}
}
