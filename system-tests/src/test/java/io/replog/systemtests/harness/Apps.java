package io.replog.systemtests.harness;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The packaged applications, unpacked once a run so that the many processes of the cases start fast. The settings of
 * their JVMs are those of {@code ./replog}.
 */
final class Apps {
    private final Path home;
    private final Path unpacked;

    private Apps(Path home, Path unpacked) {
        this.home = home;
        this.unpacked = unpacked;
    }

    static Apps prepare() {
        Path home = home();
        Path unpacked = home.resolve("target/apps");
        Path master = jar(home, "master");
        Path secondary = jar(home, "secondary");
        Commands.run(
                home,
                Map.of("JAVA_HOME", System.getProperty("java.home")),
                List.of("bin/unpack-apps", unpacked.toString(), master.toString(), secondary.toString()));
        return new Apps(home, unpacked);
    }

    /** The repository's root. */
    static Path home() {
        return Path.of(System.getProperty("replog.home", "..")).toAbsolutePath().normalize();
    }

    private static Path jar(Path home, String app) {
        Path jar = home.resolve(app + "/target/replog-" + app + ".jar");
        if (!Files.exists(jar)) {
            throw new IllegalStateException(jar + " is missing: run ./mvnw verify from the root");
        }
        return jar;
    }

    List<String> command(String app) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + home.resolve("bin/jvm.options"),
                // Short lives on few processors: what the optimising compiler costs would not come back.
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-XX:AOTCache=" + unpacked.resolve(app + ".aot"),
                "-jar",
                unpacked.resolve("replog-" + app + ".jar").toString());
    }
}
