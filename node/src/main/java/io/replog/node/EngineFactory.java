package io.replog.node;

import io.replog.core.log.DamagedEntryException;
import io.replog.core.replica.Replica;
import io.replog.core.replica.ReplicaConfig;
import io.replog.node.engine.EngineListener;
import io.replog.node.engine.EngineMeters;
import io.replog.node.engine.Halt;
import io.replog.node.engine.ReplicaEngine;
import io.replog.node.peer.PeerTransport;
import io.replog.storage.DataDirectory;
import io.replog.storage.Disk;
import io.replog.storage.StorageException;
import io.replog.storage.StorageOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the data directory, lets a replica recover from it, and puts the engine around both. */
final class EngineFactory {
    private static final Logger LOG = LoggerFactory.getLogger(EngineFactory.class);

    private final NodeSettings settings;
    private final RandomGenerator random;

    /** @param random for election time-outs and identities; not used by anybody else */
    EngineFactory(NodeSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
    }

    /** @throws InvalidSettingException where the data directory cannot be used */
    ReplicaEngine create(Disk disk, PeerTransport transport, EngineListener listener, EngineMeters meters, Halt halt) {
        transport.members(settings.replica().configured());
        DataDirectory directory = open(disk);
        Replica replica;
        try {
            replica = recover(directory);
        } catch (DamagedEntryException damage) {
            setAside(directory, damage);
            directory = open(disk);
            replica = recover(directory);
        }
        if (directory.mustBeRefilled() && replica.status().lastIndex() == 0) {
            requireRefill(directory);
        }
        return new ReplicaEngine(
                settings.id(),
                replica,
                directory,
                transport,
                listener,
                meters,
                halt,
                settings.limits().inbox(),
                settings.limits().batchWait());
    }

    private DataDirectory open(Disk disk) {
        StorageOptions defaults = StorageOptions.DEFAULT;
        StorageOptions options = new StorageOptions(
                Math.toIntExact(settings.limits().segmentBytes().toBytes()),
                defaults.preallocationBytes(),
                defaults.headroomBytes(),
                defaults.indexInterval(),
                defaults.readAheadBytes());
        try {
            DataDirectory directory = DataDirectory.open(disk, settings.id(), options, this::newIncarnation);
            directory.damage().ifPresent(damage -> LOG.error("damaged and set aside: {}", damage));
            return directory;
        } catch (StorageException e) {
            throw unusable(settings, e);
        }
    }

    static InvalidSettingException unusable(NodeSettings settings, StorageException reason) {
        return new InvalidSettingException(
                "replog.data-dir",
                settings.dataDir().toString(),
                reason.getMessage() + "; accepted is a folder that this node alone reads and writes");
    }

    private Replica recover(DataDirectory directory) {
        return new Replica(
                settings.replica(), directory.recovered(), random, System::currentTimeMillis, System.nanoTime());
    }

    /** Where no peer can have what was lost, the node does not start: it would wait for ever, or lead without its data. */
    private void requireRefill(DataDirectory directory) {
        ReplicaConfig config = settings.replica();
        String nobody;
        if (config.configured().dataBearingCount() == 1) {
            nobody = "no other member stores data";
        } else if (config.fixedLeader() && config.founder()) {
            nobody = "with replog.failover=false no other member can lead, so none can refill it";
        } else {
            LOG.warn(
                    "the log was damaged and is set aside: this node is not ready until its peers have refilled it, and"
                            + " ends where all of them say that they hold nothing");
            return;
        }
        try {
            directory.close();
        } catch (IOException e) {
            LOG.warn("the data directory could not be closed: {}", e.toString());
        }
        throw new InvalidSettingException(
                "replog.data-dir",
                settings.dataDir().toString(),
                "its log was damaged and is set aside there as *.damaged, and " + nobody
                        + "; accepted is a folder with a"
                        + " good copy of this node's data, or an empty one for a node that begins anew");
    }

    private static void setAside(DataDirectory directory, DamagedEntryException damage) {
        try (directory) {
            directory.reportDamage(String.valueOf(damage.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long newIncarnation() {
        long drawn = random.nextLong();
        return drawn == 0 ? 1 : drawn;
    }
}
