package io.replog.cli.cluster;

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
 * @param master    jar of the master
 * @param secondary jar of the secondary
 */
public record NodeJars(Path master, Path secondary) {
    private static final String HOME = "REPLOG_HOME";

    /**
     * Looks in {@code home} where it is given, else where {@code REPLOG_HOME} says, else beside this program and in the
     * working directory: for the jars themselves, or for a source tree in which they were built.
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
            places.add(Path.of("").toAbsolutePath());
        }
        for (Path place : places) {
            NodeJars beside = new NodeJars(place.resolve("replog-master.jar"), place.resolve("replog-secondary.jar"));
            NodeJars built = new NodeJars(
                    place.resolve("master/target/replog-master.jar"),
                    place.resolve("secondary/target/replog-secondary.jar"));
            for (NodeJars jars : List.of(beside, built)) {
                if (Files.isReadable(jars.master) && Files.isReadable(jars.secondary)) {
                    return jars;
                }
            }
        }
        throw new ClusterException(
                "replog-master.jar and replog-secondary.jar are not found; build them with './mvnw package' and say where"
                        + " they are with --home DIR or " + HOME,
                null);
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
