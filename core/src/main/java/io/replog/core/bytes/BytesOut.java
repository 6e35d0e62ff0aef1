package io.replog.core.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes big-endian numbers and bytes into an array that grows as needed. Not thread-safe. */
public final class BytesOut {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes;
    private int size;

    /** @param capacity expected size in bytes; where it is exact, {@link #toBytes()} does not copy */
    public BytesOut(int capacity) {
        bytes = new byte[capacity];
    }

    public int size() {
        return size;
    }

    public void u8(int value) {
        int position = claim(1);
        bytes[position] = (byte) value;
    }

    /** @throws IllegalArgumentException where the value does not fit into 16 unsigned bits */
    public void u16(int value) {
        if (value < 0 || value > 0xffff) {
            throw new IllegalArgumentException(value + " does not fit into 16 bits");
        }
        int position = claim(Short.BYTES);
        SHORT.set(bytes, position, (short) value);
    }

    public void i32(int value) {
        int position = claim(Integer.BYTES);
        INT.set(bytes, position, value);
    }

    public void i64(long value) {
        int position = claim(Long.BYTES);
        LONG.set(bytes, position, value);
    }

    public void raw(byte[] source) {
        raw(source, 0, source.length);
    }

    public void raw(byte[] source, int offset, int length) {
        int position = claim(length);
        System.arraycopy(source, offset, bytes, position, length);
    }

    /** A byte with the length, then ASCII; at most 255 characters. */
    public void shortAscii(String text) {
        if (text.length() > 0xff) {
            throw new IllegalArgumentException("more than 255 characters");
        }
        u8(text.length());
        raw(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Overwrites four bytes that were written before. */
    public void setI32(int position, int value) {
        if (position < 0 || position > size - Integer.BYTES) {
            throw new IndexOutOfBoundsException(position);
        }
        INT.set(bytes, position, value);
    }

    /** The array that is written to, of which the first {@link #size()} bytes count; valid until the next write. */
    public byte[] array() {
        return bytes;
    }

    /** What was written; the writer is not to be used afterwards. */
    public byte[] toBytes() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    /** Makes room; {@code bytes} may be another array afterwards, so it is to be read after this. */
    private int claim(int length) {
        int position = size;
        int needed = Math.addExact(size, length);
        if (needed > bytes.length) {
            int doubled = bytes.length <= Integer.MAX_VALUE / 2 ? bytes.length * 2 : Integer.MAX_VALUE - 8;
            bytes = Arrays.copyOf(bytes, Math.max(Math.max(doubled, needed), 32));
        }
        size = needed;
        return position;
    }
}
