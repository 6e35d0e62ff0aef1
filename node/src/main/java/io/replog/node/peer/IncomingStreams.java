package io.replog.node.peer;

import io.replog.core.quorum.NodeId;
import java.nio.channels.SocketChannel;

/** Takes over the connections that peers open to this node. Thread-safe. */
public interface IncomingStreams {
    /**
     * Takes a connection whose HTTP part is over; from now on the transport alone reads from and writes to it.
     *
     * @param peer    who opened it
     * @param url     where it says that it is reached, empty where it does not say
     * @param channel not blocking
     * @param closer  closes the connection for good; may be called more than once, from any thread
     */
    void adopt(NodeId peer, String url, SocketChannel channel, Runnable closer);
}
