package io.replog.systemtests.harness;

/** What the nodes of a case run as. */
public enum Backend {
    PROCESSES,
    CONTAINERS
}
