package io.replog.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** A file that a command is to write when its work is done. */
final class OutputFile {
    private OutputFile() {}

    /**
     * Says so before the work where the file cannot be written after it.
     *
     * @param option the option that names it
     */
    static void require(String option, Path file) {
        Path folder = file.toAbsolutePath().getParent();
        boolean writable = Files.exists(file)
                ? Files.isRegularFile(file) && Files.isWritable(file)
                : folder != null && Files.isDirectory(folder) && Files.isWritable(folder);
        if (!writable) {
            throw new IllegalArgumentException(option + " " + file + ": cannot be written");
        }
    }
}
