package io.replog.storage;

import io.replog.core.log.LogEntry;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The header of a frame where it lies, without checking it: for walking over frames that are not wanted. */
final class Frames {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Frames() {}

    static int intAt(byte[] bytes, int offset) {
        return (int) INT.get(bytes, offset);
    }

    static long longAt(byte[] bytes, int offset) {
        return (long) LONG.get(bytes, offset);
    }

    /** Bytes of the frame, as it says itself. */
    static long length(byte[] bytes, int offset) {
        return LogEntry.PREFIX_BYTES + (long) intAt(bytes, offset);
    }

    static int crc(byte[] bytes, int offset) {
        return intAt(bytes, offset + 4);
    }

    static int count(byte[] bytes, int offset) {
        return intAt(bytes, offset + 12);
    }

    static long firstIndex(byte[] bytes, int offset) {
        return longAt(bytes, offset + 16);
    }

    static long lastIndex(byte[] bytes, int offset) {
        return firstIndex(bytes, offset) + count(bytes, offset) - 1;
    }

    static long term(byte[] bytes, int offset) {
        return longAt(bytes, offset + 24);
    }

    static long lastId(byte[] bytes, int offset) {
        return longAt(bytes, offset + 40);
    }
}
