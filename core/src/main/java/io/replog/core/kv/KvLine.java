package io.replog.core.kv;

/** An entry as a line of text: {@code key=value}, with a line feed as {@code \n} and a backslash as {@code \\}. */
public final class KvLine {
    private KvLine() {}

    /** The line in bytes, without its end. */
    public static byte[] of(KvMap.Entry entry) {
        byte[] key = KvText.toBytes(entry.key());
        byte[] value = KvText.toBytes(entry.value());
        byte[] line = new byte[key.length + escapes(key) + 1 + value.length + escapes(value)];
        int at = write(line, 0, key);
        line[at++] = '=';
        write(line, at, value);
        return line;
    }

    private static int escapes(byte[] bytes) {
        int count = 0;
        for (byte b : bytes) {
            if (b == '\n' || b == '\\') {
                count++;
            }
        }
        return count;
    }

    private static int write(byte[] line, int from, byte[] bytes) {
        int at = from;
        for (byte b : bytes) {
            if (b == '\n') {
                line[at++] = '\\';
                line[at++] = 'n';
            } else {
                if (b == '\\') {
                    line[at++] = '\\';
                }
                line[at++] = b;
            }
        }
        return at;
    }
}
