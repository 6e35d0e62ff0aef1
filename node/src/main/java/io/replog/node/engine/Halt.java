package io.replog.node.engine;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the process at once where going on could break a promise. */
@FunctionalInterface
public interface Halt {
    /** Exit status of a process that halted itself. */
    int STATUS = 70;

    /**
     * Does not return in a node; may in a test.
     *
     * @param reason for people, one line
     */
    void now(String reason, @Nullable Throwable cause);

    /** Halts this process as by SIGKILL: no shutdown hook runs, nothing more is written. */
    static Halt process() {
        Logger log = LoggerFactory.getLogger(Halt.class);
        return (reason, cause) -> {
            log.error("halting: {}", reason, cause);
            Runtime.getRuntime().halt(STATUS);
        };
    }
}
