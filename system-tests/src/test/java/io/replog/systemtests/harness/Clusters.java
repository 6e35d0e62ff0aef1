package io.replog.systemtests.harness;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Makes clusters for cases and ends them. As an instance field each case has clusters of its own; as a static field a
 * class's cases share them. Prints the nodes' logs where a case fails. Cases with containers are skipped where there
 * is no engine.
 */
public final class Clusters implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private static final ExtensionContext.Namespace SPACE = ExtensionContext.Namespace.create(Clusters.class);

    private final Backend backend;
    private final List<Cluster> open = new ArrayList<>();
    private ExtensionContext.Store store;
    private boolean shared;

    public Clusters(Backend backend) {
        this.backend = backend;
    }

    /** A cluster none of whose nodes is started. */
    public Cluster create(ClusterSpec spec) {
        ExtensionContext.Store store = this.store;
        Cluster cluster =
                switch (backend) {
                    case PROCESSES ->
                        new ProcessCluster(spec, store.computeIfAbsent("apps", key -> Apps.prepare(), Apps.class));
                    case CONTAINERS ->
                        new ContainerCluster(
                                spec,
                                store.computeIfAbsent("image", key -> ContainerCluster.buildImage(), String.class));
                };
        open.add(cluster);
        return cluster;
    }

    /** A cluster all of whose nodes are ready. */
    public Cluster start(ClusterSpec spec) {
        Cluster cluster = create(spec);
        try {
            cluster.startAll();
        } catch (AssertionError e) {
            System.err.println(cluster.logs());
            throw e;
        }
        return cluster;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        shared = true;
        begin(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        begin(context);
    }

    private void begin(ExtensionContext context) {
        store = context.getRoot().getStore(SPACE);
        if (backend == Backend.CONTAINERS) {
            boolean engine = engineRuns();
            Assumptions.assumeTrue(engine, "no Docker engine");
        }
    }

    private boolean engineRuns() {
        return store.computeIfAbsent("engine", key -> ContainerCluster.engineRuns(), Boolean.class);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        context.getExecutionException().ifPresent(failure -> {
            System.err.println("════ " + context.getRequiredTestClass().getSimpleName() + "."
                    + context.getRequiredTestMethod().getName() + ": " + failure);
            open.forEach(cluster -> System.err.println(cluster.logs()));
        });
        if (!shared) {
            closeAll();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        closeAll();
    }

    private void closeAll() {
        open.forEach(Cluster::close);
        open.clear();
    }
}
