package io.replog.benchmarks.load;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is asked of a system that runs; ends the system when closed. */
interface Load extends Closeable {
    /** The most connections that it can be measured with, 1 or more. */
    int mostConnections();

    /** Asks for {@code warmUp}, which is not counted, and then for {@code measured}. */
    ClosedLoop.Result run(int connections, Duration warmUp, Duration measured) throws IOException;

    /**
     * A server that is asked over connections.
     *
     * @param server   what to close in the end
     * @param prepare  asked over one connection before
     * @param protocol asked over each connection
     */
    record OfServer(
            Closeable server,
            InetSocketAddress address,
            @Nullable Supplier<Protocol> prepare,
            Supplier<Protocol> protocol)
            implements Load {
        private static final Duration PREPARATION = Duration.ofMillis(200);

        @Override
        public int mostConnections() {
            return Integer.MAX_VALUE;
        }

        @Override
        public ClosedLoop.Result run(int connections, Duration warmUp, Duration measured) throws IOException {
            if (prepare != null) {
                ClosedLoop.run(address, 1, prepare, Duration.ZERO, PREPARATION);
            }
            return ClosedLoop.run(address, connections, protocol, warmUp, measured);
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
