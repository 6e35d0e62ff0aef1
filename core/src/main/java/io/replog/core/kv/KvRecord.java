package io.replog.core.kv;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** An entry as one array, never changed after it is made: u16 length of the key, i64 index, key, value. */
final class KvRecord {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int KEY_AT = Short.BYTES + Long.BYTES;

    private KvRecord() {}

    static byte[] of(KvMap.Entry entry) {
        byte[] key = KvText.toBytes(entry.key());
        byte[] value = KvText.toBytes(entry.value());
        if (key.length > KvCommand.MAX_KEY_BYTES) {
            throw new IllegalArgumentException("a key of " + key.length + " bytes");
        }
        byte[] record = new byte[KEY_AT + key.length + value.length];
        SHORT.set(record, 0, (short) key.length);
        LONG.set(record, Short.BYTES, entry.index());
        System.arraycopy(key, 0, record, KEY_AT, key.length);
        System.arraycopy(value, 0, record, KEY_AT + key.length, value.length);
        return record;
    }

    static boolean isWhole(byte[] record) {
        return record.length > KEY_AT && keyEnd(record) > KEY_AT && keyEnd(record) <= record.length;
    }

    static KvMap.Entry entry(byte[] record) {
        int keyEnd = keyEnd(record);
        return new KvMap.Entry(
                KvText.fromBytes(record, KEY_AT, keyEnd - KEY_AT),
                KvText.fromBytes(record, keyEnd, record.length - keyEnd),
                (long) LONG.get(record, Short.BYTES));
    }

    static byte[] key(byte[] record) {
        return Arrays.copyOfRange(record, KEY_AT, keyEnd(record));
    }

    /** Compares the record's key with {@code key}, byte by byte, unsigned. */
    static int compare(byte[] record, byte[] key) {
        return Arrays.compareUnsigned(record, KEY_AT, keyEnd(record), key, 0, key.length);
    }

    static boolean hasPrefix(byte[] record, byte[] prefix) {
        return keyEnd(record) - KEY_AT >= prefix.length
                && Arrays.equals(record, KEY_AT, KEY_AT + prefix.length, prefix, 0, prefix.length);
    }

    private static int keyEnd(byte[] record) {
        return KEY_AT + ((short) SHORT.get(record, 0) & 0xffff);
    }
}
