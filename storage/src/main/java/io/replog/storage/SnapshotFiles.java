package io.replog.storage;

import io.replog.core.statemachine.StateSnapshot;
import java.io.IOException;

/** State snapshots on disk, the newest two. One thread saves; it may be another one than the log's. */
public final class SnapshotFiles {
    static final String FOLDER = "snapshots";

    private final Disk disk;

    SnapshotFiles(Disk disk) {
        this.disk = disk;
    }

    /**
     * Durable when it returns. On failure the snapshots from before are still there.
     *
     * @throws DiskFullException where there is no room
     */
    public void save(StateSnapshot snapshot) throws IOException {
        throw new IOException("not yet built: " + snapshot.index() + disk);
    }

    /** The newest readable one up to {@code lastIndex}; {@link StateSnapshot#EMPTY} where there is none. */
    StateSnapshot newest(long lastIndex) throws IOException {
        return StateSnapshot.EMPTY;
    }
}
