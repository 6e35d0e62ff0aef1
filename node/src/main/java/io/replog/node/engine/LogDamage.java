package io.replog.node.engine;

import io.replog.core.log.DamagedEntryException;
import io.replog.storage.DataDirectory;
import java.io.IOException;

/**
 * What a node does that meets a damaged entry in its log: it notes it durably and halts, so that it neither serves nor
 * votes from it. The next start sets the log aside, and the node is refilled by its peers. Thread-safe.
 */
final class LogDamage {
    private final DataDirectory directory;
    private final Halt halt;

    LogDamage(DataDirectory directory, Halt halt) {
        this.directory = directory;
        this.halt = halt;
    }

    void met(DamagedEntryException damage) {
        try {
            directory.reportDamage(String.valueOf(damage.getMessage()));
        } catch (IOException e) {
            damage.addSuppressed(e);
        }
        halt.now("the log is damaged; it is set aside at the next start, and refilled by peers", damage);
    }
}
