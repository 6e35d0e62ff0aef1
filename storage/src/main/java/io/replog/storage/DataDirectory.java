package io.replog.storage;

import io.replog.core.protocol.ClusterId;
import io.replog.core.quorum.NodeId;
import io.replog.core.replica.HardState;
import io.replog.core.replica.RecoveredState;
import io.replog.core.statemachine.StateSnapshot;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All that a node keeps on its disk. A log that was damaged before its end is set aside as {@code *.damaged}, and the
 * directory begins again as an empty one of a new incarnation that must be refilled by peers of the same cluster.
 */
public final class DataDirectory implements AutoCloseable {
    private final Disk disk;
    private final Identity identity;
    private final @Nullable String damage;
    private final HardStateFile hardState;
    private final SegmentedLog log;
    private final SnapshotFiles snapshots;
    private final StateSnapshot newestSnapshot;

    private DataDirectory(
            Disk disk,
            Identity identity,
            @Nullable String damage,
            HardStateFile hardState,
            SegmentedLog log,
            SnapshotFiles snapshots)
            throws IOException {
        this.disk = disk;
        this.identity = identity;
        this.damage = damage;
        this.hardState = hardState;
        this.log = log;
        this.snapshots = snapshots;
        this.newestSnapshot = snapshots.newest(log.lastIndex());
    }

    /**
     * Opens the directory, makes it where it is empty, and recovers what it holds.
     *
     * @param disk           its folder, locked by the caller where others could open it ({@link FileDisk} does so)
     * @param node           whose it is, or becomes
     * @param newIncarnation gives random numbers other than 0
     * @throws StorageException where it belongs to another node, is of a newer format, or cannot be read
     */
    public static DataDirectory open(Disk disk, NodeId node, StorageOptions options, LongSupplier newIncarnation) {
        try {
            return tryOpen(disk, node, options, newIncarnation);
        } catch (DiskFullException e) {
            throw new StorageException("data directory '" + disk + "': there is no room on the disk", e);
        } catch (IOException e) {
            throw new StorageException("data directory '" + disk + "' cannot be read: " + e, e);
        }
    }

    private static DataDirectory tryOpen(Disk disk, NodeId node, StorageOptions options, LongSupplier newIncarnation)
            throws IOException {
        Optional<Identity> identity = Identity.read(disk);
        if (identity.isPresent() && !identity.get().node().equals(node)) {
            throw new StorageException("data directory '" + disk + "' belongs to node '"
                    + identity.get().node() + "', this node is '" + node + "'");
        }
        @Nullable String damage = SetAside.reason(disk).orElse(null);
        if (identity.isPresent() && damage == null) {
            try {
                return recover(disk, identity.get(), options, null);
            } catch (DamagedLogException e) {
                damage = String.valueOf(e.getMessage());
                SetAside.note(disk, damage);
            }
        } else if (identity.isEmpty() && holdsLog(disk)) {
            throw new StorageException(
                    "data directory '" + disk + "' has a log but no identity file: it is not ours, or"
                            + " incomplete; move it away, and the node is refilled by its peers");
        }
        ClusterId cluster = ClusterId.NONE;
        if (damage != null) {
            // Of all that is set aside it keeps whose it is: no other cluster may pass for the one that can refill it.
            cluster = SetAside.cluster(disk);
            SetAside.moveAway(disk);
        }
        Identity made = new Identity(node, newIncarnation.getAsLong(), damage != null);
        HardStateFile.create(disk, new HardState(cluster, made.incarnation(), 0, null))
                .close();
        made.save(disk);
        if (damage != null) {
            SetAside.forget(disk);
        }
        try {
            return recover(disk, made, options, damage);
        } catch (DamagedLogException e) {
            throw new StorageException(
                    "data directory '" + disk + "', just made, cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean holdsLog(Disk disk) throws IOException {
        return disk.list(Segment.FOLDER).stream().anyMatch(name -> name.endsWith(Segment.SUFFIX));
    }

    private static DataDirectory recover(Disk disk, Identity identity, StorageOptions options, @Nullable String damage)
            throws IOException, DamagedLogException {
        // A process that was killed may have left names that only the page cache has.
        disk.forceFolder("");
        HardStateFile hardState = HardStateFile.open(disk);
        if (hardState.state().incarnation() != identity.incarnation()) {
            hardState.close();
            throw new DamagedLogException(HardStateFile.NAME + " is of another data directory");
        }
        try {
            SegmentedLog log = SegmentedLog.open(disk, options, identity.incarnation());
            return new DataDirectory(disk, identity, damage, hardState, log, new SnapshotFiles(disk));
        } catch (DamagedLogException e) {
            hardState.close();
            throw e;
        }
    }

    /**
     * What the disk holds; its entries are read lazily and once.
     *
     * <p>Iterating them may throw {@link io.replog.core.log.DamagedEntryException}: then {@link #reportDamage}, close,
     * and open again.
     */
    public RecoveredState recovered() {
        LogPoint last = log.lastPoint();
        return new RecoveredState(
                hardState.state(),
                newestSnapshot,
                log.controlEntries(),
                () -> log.reader().scan(newestSnapshot.index() + 1),
                last.index(),
                last.term(),
                last.id(),
                identity.refill());
    }

    /**
     * Whether this directory was once set aside as damaged: what it had promised is lost, so while it is blank it must
     * be refilled by peers and never found a cluster.
     */
    public boolean mustBeRefilled() {
        return identity.refill();
    }

    /** What was found damaged and set aside when it was opened this time. */
    public Optional<String> damage() {
        return Optional.ofNullable(damage);
    }

    /**
     * Notes durably that a reader met a damaged entry: the next opening sets the log aside. The caller then neither
     * serves nor votes from it and restarts.
     */
    public void reportDamage(String reason) throws IOException {
        SetAside.note(disk, reason);
    }

    public HardStateFile hardState() {
        return hardState;
    }

    public SegmentedLog log() {
        return log;
    }

    public SnapshotFiles snapshots() {
        return snapshots;
    }

    /**
     * Makes durable what was appended and closes the files. Called when no other thread uses it any more.
     *
     * @throws IOException the last force failed
     */
    @Override
    public void close() throws IOException {
        log.close();
        hardState.close();
    }
}
