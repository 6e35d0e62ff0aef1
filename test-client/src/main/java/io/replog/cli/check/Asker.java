package io.replog.cli.check;

import io.replog.api.client.RequestKey;
import io.replog.api.client.WriteOptions;

/** Who asks, and by what its writes are recognised when they come again. For one thread. */
final class Asker {
    private final int number;
    private final String name;
    private long texts;
    private long writes;

    /**
     * @param number from 1; the even ones number their writes, the others give each a key
     * @param prefix keeps the names of this check apart from those of others
     */
    Asker(int number, String prefix) {
        this.number = number;
        this.name = prefix + number;
    }

    /** As it stands in the history. */
    String process() {
        return "client-" + number;
    }

    /** A text that nobody else has. */
    String nextText() {
        texts++;
        return number + "." + texts;
    }

    /** For a new write. */
    WriteOptions nextWrite() {
        writes++;
        return WriteOptions.DEFAULT.withKey(
                number % 2 == 0
                        ? new RequestKey.ClientSequence(name, writes)
                        : new RequestKey.Idempotency(name + "-" + writes));
    }
}
