package io.replog.node.web.json;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;

/** A growing piece of JSON in bytes. Not thread-safe. */
public final class JsonBuffer {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /** What follows the backslash for each byte: 0 = stands for itself, 'u' = six characters. */
    private static final byte[] ESCAPES = new byte[256];

    static {
        Arrays.fill(ESCAPES, 0, 0x20, (byte) 'u');
        ESCAPES['\b'] = 'b';
        ESCAPES['\f'] = 'f';
        ESCAPES['\n'] = 'n';
        ESCAPES['\r'] = 'r';
        ESCAPES['\t'] = 't';
        ESCAPES['"'] = '"';
        ESCAPES['\\'] = '\\';
    }

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private byte[] bytes;
    private int length;

    public JsonBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    public int length() {
        return length;
    }

    /** Appends ASCII as it is: punctuation, names, ids that need no escape. */
    public JsonBuffer ascii(String text) {
        int size = text.length();
        reserve(size);
        for (int i = 0; i < size; i++) {
            bytes[length + i] = (byte) text.charAt(i);
        }
        length += size;
        return this;
    }

    /** Appends bytes as they are. */
    public JsonBuffer raw(byte[] source, int offset, int size) {
        reserve(size);
        System.arraycopy(source, offset, bytes, length, size);
        length += size;
        return this;
    }

    public JsonBuffer raw(byte[] source) {
        return raw(source, 0, source.length);
    }

    public JsonBuffer raw(char ascii) {
        reserve(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    /** Appends a number of at least 0. */
    public JsonBuffer number(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("negative: " + value);
        }
        int digits = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            digits++;
        }
        reserve(digits);
        long rest = value;
        for (int i = length + digits - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
        return this;
    }

    public JsonBuffer bool(boolean value) {
        return ascii(value ? "true" : "false");
    }

    /** Appends a string in quotation marks, with what must be escaped escaped. */
    public JsonBuffer string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return string(utf8, 0, utf8.length);
    }

    /** Appends well-formed UTF-8 as a string in quotation marks, with what must be escaped escaped. */
    public JsonBuffer string(byte[] utf8, int offset, int size) {
        reserve(size + 2);
        bytes[length++] = '"';
        int end = offset + size;
        int from = offset;
        while (from < end) {
            int to = firstToEscape(utf8, from, end);
            raw(utf8, from, to - from);
            if (to < end) {
                escape(utf8[to++]);
            }
            from = to;
        }
        return raw('"');
    }

    /** Appends an array of strings that need no escape, as node ids are. */
    public JsonBuffer plainStrings(Collection<?> texts) {
        raw('[');
        boolean first = true;
        for (Object text : texts) {
            if (!first) {
                raw(',');
            }
            first = false;
            raw('"').ascii(text.toString()).raw('"');
        }
        return raw(']');
    }

    /** Writes all that is there to {@code target}, and is empty then. */
    public void drainTo(OutputStream target) throws IOException {
        target.write(bytes, 0, length);
        length = 0;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** Where the first byte stands that must be escaped; {@code end} where there is none. Looks at eight at a time. */
    private static int firstToEscape(byte[] utf8, int from, int end) {
        int at = from;
        for (; end - at >= Long.BYTES; at += Long.BYTES) {
            long found = toEscape((long) LONG.get(utf8, at));
            if (found != 0) {
                return at + Long.numberOfTrailingZeros(found) / Byte.SIZE;
            }
        }
        while (at < end && ESCAPES[utf8[at] & 0xff] == 0) {
            at++;
        }
        return at;
    }

    /** The lowest bit that is set stands in the first byte that must be escaped; 0 where there is none. */
    private static long toEscape(long word) {
        long quote = word ^ (ONES * '"');
        long backslash = word ^ (ONES * '\\');
        return HIGH_BITS
                & (((word - ONES * ' ') & ~word) | ((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash));
    }

    private void escape(byte b) {
        byte code = ESCAPES[b];
        reserve(6);
        bytes[length++] = '\\';
        bytes[length++] = code;
        if (code == 'u') {
            bytes[length++] = '0';
            bytes[length++] = '0';
            bytes[length++] = HEX[b >> 4];
            bytes[length++] = HEX[b & 0xf];
        }
    }

    private void reserve(int size) {
        if (bytes.length - length < size) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + size));
        }
    }
}
