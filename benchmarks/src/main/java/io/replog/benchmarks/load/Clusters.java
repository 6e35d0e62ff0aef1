package io.replog.benchmarks.load;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Where a measurement gets its three nodes from. */
@FunctionalInterface
interface Clusters {
    /**
     * Three nodes that see each other.
     *
     * @param settings environment of the nodes
     * @param options  of {@code ./replog up}
     */
    Lease take(Map<String, String> settings, String... options) throws IOException;

    /** A cluster of its own for each measurement, with an empty log. */
    static Clusters fresh(Path project) {
        return (settings, options) -> new Lease(new ReplogCluster(project, settings, options), true);
    }

    /** @param ends whether the cluster is closed with the lease */
    record Lease(ReplogCluster cluster, boolean ends) implements Closeable {
        @Override
        public void close() throws IOException {
            if (ends) {
                cluster.close();
            }
        }
    }
}
