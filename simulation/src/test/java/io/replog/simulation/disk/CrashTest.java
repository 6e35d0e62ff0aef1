package io.replog.simulation.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.replog.core.log.DamagedEntryException;
import io.replog.core.log.LogEntry;
import io.replog.storage.DataDirectory;
import io.replog.storage.DiskFullException;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Cuts the power before every single operation of the storage on its disk, opens the directory again (cutting it during
 * recovery, too), and compares with what had been promised. The seed in the test's name replays a failure.
 */
class CrashTest {
    private static final int STEPS = 60;

    /** A workload on a disk of which the power may fail. */
    private static final class World {
        final RandomGenerator random;
        final SimulatedDisk disk;
        final StorageModel model = new StorageModel();
        final StorageWorkload workload;

        World(long seed) {
            this.random = new SplittableRandom(seed + 1_000_000);
            this.disk = new SimulatedDisk(random);
            this.workload = new StorageWorkload(seed, model);
        }

        void runUntilPowerCut(int steps) throws IOException {
            try (DataDirectory directory = StorageWorkload.open(disk)) {
                model.recovered(directory);
                workload.run(directory, steps);
                model.checkReadersAfterForce(directory);
            } catch (PowerCutException e) {
                disk.losePower();
            }
        }

        /** Opens again; the power may fail during that, too. */
        DataDirectory recover() {
            while (true) {
                if (random.nextInt(3) > 0) {
                    disk.cutPowerBefore(disk.operations() + random.nextInt(12));
                }
                try {
                    DataDirectory directory = StorageWorkload.open(disk);
                    model.recovered(directory);
                    disk.cutPowerBefore(Long.MAX_VALUE);
                    return directory;
                } catch (PowerCutException e) {
                    disk.losePower();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void keepsItsPromisesWhereverThePowerFails(long seed) throws IOException {
        World whole = new World(seed);
        whole.runUntilPowerCut(STEPS);
        long operations = whole.disk.operations();
        assertThat(operations).isGreaterThan(100);

        for (long cut = 0; cut < operations; cut++) {
            World world = new World(seed);
            world.disk.cutPowerBefore(cut);
            world.runUntilPowerCut(STEPS);

            try (DataDirectory directory = world.recover()) {
                // What is appended now must never be followed by remains of what was there.
                world.workload.append(directory);
                world.workload.force(directory);
                world.workload.run(directory, 5);
                world.workload.force(directory);
            }
            world.disk.losePower();
            world.recover().close();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {101, 102, 103, 104, 105, 106, 107, 108, 109, 110})
    void keepsItsPromisesThroughManyCrashes(long seed) throws IOException {
        World world = new World(seed);
        for (int life = 0; life < 40; life++) {
            if (world.random.nextBoolean()) {
                world.disk.cutPowerBefore(world.disk.operations() + world.random.nextInt(150));
            }
            world.runUntilPowerCut(30);
            if (world.random.nextBoolean()) {
                world.disk.kill();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {151, 152, 153, 154, 155})
    void holdsDurablyWhatItFoundAfterAKill(long seed) throws IOException {
        World world = new World(seed);
        world.runUntilPowerCut(STEPS);
        DataDirectory killed = StorageWorkload.open(world.disk);
        world.model.recovered(killed);
        world.workload.append(killed);
        world.disk.kill();
        // The page cache has the entries still, so they are found, and from then on they count as durable.
        DataDirectory found = StorageWorkload.open(world.disk);
        world.model.recovered(found);

        world.disk.losePower();

        world.recover().close();
    }

    @ParameterizedTest
    @ValueSource(longs = {201, 202, 203, 204, 205})
    void noticesEveryDamagedBitOfTheLog(long seed) throws IOException {
        for (int trial = 0; trial < 100; trial++) {
            World world = new World(seed);
            world.runUntilPowerCut(STEPS);
            List<String> segments = world.disk.list("log").stream()
                    .filter(name -> name.endsWith(".log"))
                    .toList();
            RandomGenerator random = new SplittableRandom(seed * 1000 + trial);
            String name = "log/" + segments.get(random.nextInt(segments.size()));
            int size;
            try (var file = world.disk.open(name)) {
                size = (int) file.size();
            }
            world.disk.flipBit(name, random.nextInt(size), random.nextInt(8));

            try (DataDirectory directory = StorageWorkload.open(world.disk)) {
                if (directory.damage().isPresent()) {
                    assertThat(directory.mustBeRefilled()).isTrue();
                    assertThat(directory.recovered().lastIndex()).isZero();
                } else {
                    assertThat(readsAllOrSaysDamaged(world.model, directory)).isTrue();
                }
            }
        }
    }

    private static boolean readsAllOrSaysDamaged(StorageModel model, DataDirectory directory) {
        try {
            List<LogEntry> found = StorageModel.all(directory.log().reader());
            return StorageModel.same(found, model.durable());
        } catch (DamagedEntryException e) {
            return true;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {301, 302, 303})
    void setsADamagedLogAsideThroughCrashes(long seed) throws IOException {
        for (long cut = 0; cut < 60; cut++) {
            World world = new World(seed);
            world.runUntilPowerCut(STEPS);
            world.disk.flipBit("hard-state", 20, 1);
            world.disk.flipBit("hard-state", 4096 + 20, 1);
            world.disk.cutPowerBefore(world.disk.operations() + cut);
            try {
                StorageWorkload.open(world.disk).close();
            } catch (PowerCutException e) {
                world.disk.losePower();
            }
            world.disk.cutPowerBefore(Long.MAX_VALUE);

            try (DataDirectory directory = StorageWorkload.open(world.disk)) {
                assertThat(directory.mustBeRefilled()).isTrue();
                assertThat(directory.recovered().lastIndex()).isZero();
                assertThat(directory.recovered().hardState().term()).isZero();
            }
        }
    }

    @Test
    void saysWhenAForceFails() throws IOException {
        World world = new World(401);
        world.runUntilPowerCut(STEPS);
        DataDirectory directory = StorageWorkload.open(world.disk);
        world.model.recovered(directory);
        world.workload.append(directory);
        world.disk.failForce(0);

        assertThatThrownBy(() -> directory.log().force())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("failed to force");

        world.disk.losePower();
        world.recover().close();
    }

    @ParameterizedTest
    @ValueSource(longs = {501, 502, 503, 504, 505})
    void refusesOnAFullDiskKeepsReadingAndAcceptsAgain(long seed) throws IOException {
        World world = new World(seed);
        world.runUntilPowerCut(STEPS);
        world.disk.setCapacity(world.disk.used() + 20_000);
        DataDirectory directory = StorageWorkload.open(world.disk);
        world.model.recovered(directory);

        int refused = 0;
        for (int step = 0; step < 400; step++) {
            refused += appendsOrRefuses(world, directory) ? 0 : 1;
            if (step % 7 == 0) {
                world.workload.force(directory);
                world.model.checkReaders(directory.log().reader());
            }
            directory.log().maintain();
        }
        assertThat(refused).isPositive();
        assertThat(world.disk.used()).isLessThanOrEqualTo(world.disk.capacity());

        world.disk.setCapacity(world.disk.used() + 200_000);
        assertThat(appendsOrRefuses(world, directory)).isTrue();
        world.workload.force(directory);
        world.model.checkReaders(directory.log().reader());
        world.disk.losePower();
        world.recover().close();
    }

    @Test
    void cutsOnAFullDisk() throws IOException {
        World world = new World(551);
        DataDirectory directory = StorageWorkload.open(world.disk);
        world.model.recovered(directory);
        for (int step = 0; step < 20; step++) {
            world.workload.append(directory);
        }
        world.workload.force(directory);
        directory.log().maintain();
        long fromIndex = world.model.durable().getLast().firstIndex();
        world.disk.setCapacity(world.disk.used());

        world.model.cutting(fromIndex);
        directory.log().truncateFrom(fromIndex);
        world.model.cut();

        world.model.checkReaders(directory.log().reader());
        world.disk.setCapacity(Long.MAX_VALUE);
        world.workload.append(directory);
        world.workload.force(directory);
        world.disk.losePower();
        world.recover().close();
    }

    /** Whether it was appended; where it was refused the log is as it was before. */
    private static boolean appendsOrRefuses(World world, DataDirectory directory) throws IOException {
        long before = directory.log().lastIndex();
        try {
            world.workload.append(directory);
            return true;
        } catch (DiskFullException e) {
            assertThat(directory.log().lastIndex()).isEqualTo(before);
            world.model.refused(before);
            return false;
        }
    }
}
