package io.replog.storage;

import io.replog.core.quorum.NodeId;
import io.replog.core.replica.RecoveredState;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * All that a node keeps on its disk. A log that was damaged before its end is set aside as {@code *.damaged}, and the
 * directory begins again as a blank one of a new incarnation that must be refilled by peers.
 */
public final class DataDirectory implements AutoCloseable {
    private DataDirectory() {}

    /**
     * Opens the directory, makes it where it is empty, and recovers what it holds.
     *
     * @param disk         its folder, locked by the caller where others could open it ({@link FileDisk} does so)
     * @param node         whose it is, or becomes
     * @param newIncarnation gives random numbers other than 0
     * @throws StorageException where it belongs to another node, is of a newer format, or cannot be read
     */
    public static DataDirectory open(Disk disk, NodeId node, StorageOptions options, LongSupplier newIncarnation) {
        throw new UnsupportedOperationException("open " + disk + node + options + newIncarnation);
    }

    /**
     * What the disk holds; its entries are read lazily and once.
     *
     * <p>Iterating them may throw {@link io.replog.core.log.DamagedEntryException}: then {@link #reportDamage}, close,
     * and open again.
     */
    public RecoveredState recovered() {
        throw new UnsupportedOperationException();
    }

    /**
     * Whether this directory was once set aside as damaged: what it had promised is lost, so while it is blank it must
     * be refilled by peers and never found a cluster.
     */
    public boolean mustBeRefilled() {
        throw new UnsupportedOperationException();
    }

    /** What was found damaged and set aside when it was opened this time. */
    public Optional<String> damage() {
        throw new UnsupportedOperationException();
    }

    /**
     * Notes durably that a reader met a damaged entry: the next opening sets the log aside. The caller then neither
     * serves nor votes from it and restarts.
     */
    public void reportDamage(String reason) throws IOException {
        throw new UnsupportedOperationException(reason);
    }

    public HardStateFile hardState() {
        throw new UnsupportedOperationException();
    }

    public SegmentedLog log() {
        throw new UnsupportedOperationException();
    }

    public SnapshotFiles snapshots() {
        throw new UnsupportedOperationException();
    }

    /** Closes the files; what was appended and not forced may be lost. Called when no other thread uses it any more. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
