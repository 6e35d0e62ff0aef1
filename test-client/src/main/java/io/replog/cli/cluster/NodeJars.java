package io.replog.cli.cluster;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The applications that a local cluster runs.
 *
 * @param master    how to start the master
 * @param secondary how to start a secondary
 */
public record NodeJars(App master, App secondary) {
    private static final String HOME = "REPLOG_HOME";
    /** Short lives on few processors: what the optimising compiler costs would not come back. */
    private static final List<String> SMALL =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx256m");

    /**
     * @param jar     what to run
     * @param options for the JVM
     */
    public record App(Path jar, List<String> options) {}

    /**
     * Looks in {@code home} where it is given, else where {@code REPLOG_HOME} says, else beside this program and in the
     * working directory: for the jars themselves, or for a source tree in which they were built. What {@code ./replog} has
     * prepared there for a fast start is used where it is not older than the jars.
     *
     * @throws ClusterException where they are not found
     */
    public static NodeJars find(@Nullable Path home) {
        List<Path> places = new ArrayList<>();
        String environment = System.getenv(HOME);
        if (home != null) {
            places.add(home);
        } else if (environment != null && !environment.isBlank()) {
            places.add(Path.of(environment));
        } else {
            Path program = program();
            for (Path place = program == null ? null : program.getParent(); place != null; place = place.getParent()) {
                places.add(place);
            }
            places.add(Path.of(""));
        }
        for (Path relative : places) {
            Path place = relative.toAbsolutePath().normalize();
            Path built = place.resolve("master/target/replog-master.jar");
            Path other = place.resolve("secondary/target/replog-secondary.jar");
            if (areReadable(built, other)) {
                return isPrepared(place, built, other)
                        ? new NodeJars(prepared(place, "master"), prepared(place, "secondary"))
                        : new NodeJars(new App(built, SMALL), new App(other, SMALL));
            }
            Path master = place.resolve("replog-master.jar");
            Path secondary = place.resolve("replog-secondary.jar");
            if (areReadable(master, secondary)) {
                return new NodeJars(new App(master, SMALL), new App(secondary, SMALL));
            }
        }
        throw new ClusterException(
                "replog-master.jar and replog-secondary.jar are not found; build them with './mvnw package' and say where"
                        + " they are with --home DIR or " + HOME,
                null);
    }

    private static boolean areReadable(Path master, Path secondary) {
        return Files.isReadable(master) && Files.isReadable(secondary);
    }

    private static boolean isPrepared(Path place, Path master, Path secondary) {
        Path mark = apps(place).resolve("complete");
        try {
            return Files.exists(mark)
                    && Files.getLastModifiedTime(mark).compareTo(Files.getLastModifiedTime(master)) >= 0
                    && Files.getLastModifiedTime(mark).compareTo(Files.getLastModifiedTime(secondary)) >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static App prepared(Path place, String name) {
        return new App(
                apps(place).resolve("replog-" + name + ".jar"),
                List.of(
                        "@" + place.resolve("bin/jvm.options"),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-XX:AOTCache=" + apps(place).resolve(name + ".aot")));
    }

    /** Where {@code bin/unpack-apps} puts the applications. */
    private static Path apps(Path place) {
        return place.resolve("target/apps");
    }

    private static @Nullable Path program() {
        CodeSource source = NodeJars.class.getProtectionDomain().getCodeSource();
        try {
            return source == null ? null : Path.of(source.getLocation().toURI()).toAbsolutePath();
        } catch (URISyntaxException | IllegalArgumentException e) {
            return null;
        }
    }
}
