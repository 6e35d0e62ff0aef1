package io.replog.storage;

import io.replog.core.protocol.ClusterId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Moves what is damaged out of the way, under names that end with {@code .damaged}, for people to look into. A note of why
 * is made first and taken away last, when the directory has been made anew, so that after a crash all of it is done again.
 */
final class SetAside {
    private static final String NOTE = "damage";
    private static final String SUFFIX = ".damaged";
    private static final List<String> FOLDERS = List.of(Segment.FOLDER, SnapshotFiles.FOLDER);

    private SetAside() {}

    /** Why the directory is to be set aside, if it is. */
    static Optional<String> reason(Disk disk) throws IOException {
        try {
            return WholeFile.read(disk, NOTE).map(content -> new String(content, StandardCharsets.UTF_8));
        } catch (DamagedLogException e) {
            return Optional.of("the note of the damage is itself damaged");
        }
    }

    static void note(Disk disk, String reason) throws IOException {
        WholeFile.replace(disk, NOTE, reason.getBytes(StandardCharsets.UTF_8));
    }

    /** The cluster that what is, or was, to be moved away belongs to; none where that cannot be read. */
    static ClusterId cluster(Disk disk) throws IOException {
        ClusterId cluster = HardStateFile.cluster(disk, HardStateFile.NAME);
        for (int number = nextNumber(disk) - 1; number > 0 && cluster.isNone(); number--) {
            cluster = HardStateFile.cluster(disk, movedAway(HardStateFile.NAME, number));
        }
        return cluster;
    }

    private static String movedAway(String name, int number) {
        return name + "." + number + SUFFIX;
    }

    static void moveAway(Disk disk) throws IOException {
        int number = nextNumber(disk);
        for (String folder : FOLDERS) {
            for (String name : disk.list(folder)) {
                String path = folder + "/" + name;
                if (LogSpace.spareNames(List.of(name)).isEmpty() && !name.endsWith(WholeFile.TEMPORARY)) {
                    if (!name.endsWith(SUFFIX)) {
                        disk.rename(path, movedAway(path, number));
                    }
                } else {
                    disk.delete(path);
                }
            }
            disk.forceFolder(folder);
        }
        if (disk.exists(HardStateFile.NAME)) {
            disk.rename(HardStateFile.NAME, movedAway(HardStateFile.NAME, number));
            disk.forceFolder("");
        }
    }

    static void forget(Disk disk) throws IOException {
        disk.delete(NOTE);
        disk.forceFolder("");
    }

    private static int nextNumber(Disk disk) throws IOException {
        int number = 1;
        for (String name : disk.list("")) {
            if (name.startsWith(HardStateFile.NAME) && name.endsWith(SUFFIX)) {
                number++;
            }
        }
        return number;
    }
}
