package io.replog.node.peer;

import io.replog.core.quorum.NodeId;
import jakarta.servlet.http.WebConnection;
import java.nio.channels.SocketChannel;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SSLSupport;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Hands a connection over to the transport once Tomcat has answered the upgrade. To Tomcat it is a protocol that does its
 * I/O by itself, so no poller watches the connection, no time-out of the server applies to it, and a graceful stop does
 * not wait for it.
 */
public final class PeerUpgradeHandler implements InternalHttpUpgradeHandler {
    private @Nullable NodeId peer;
    private String url = "";
    private @Nullable IncomingStreams streams;
    private @Nullable SocketWrapperBase<?> wrapper;

    /** Called by the servlet container. */
    public PeerUpgradeHandler() {}

    void handOver(NodeId from, String fromUrl, IncomingStreams to) {
        this.peer = from;
        this.url = fromUrl;
        this.streams = to;
    }

    @Override
    public void setSocketWrapper(SocketWrapperBase<?> socketWrapper) {
        this.wrapper = socketWrapper;
    }

    @Override
    public void init(WebConnection connection) {
        NodeId from = peer;
        IncomingStreams to = streams;
        SocketWrapperBase<?> socket = wrapper;
        if (from == null || to == null || socket == null || !(socket.getSocket() instanceof NioChannel nio)) {
            throw new IllegalStateException("a peer's stream needs Tomcat's NIO connector without TLS");
        }
        SocketChannel channel = nio.getIOChannel();
        to.adopt(from, url, channel, socket::close);
    }

    @Override
    public boolean hasAsyncIO() {
        return true;
    }

    @Override
    public SocketState upgradeDispatch(SocketEvent status) {
        return status == SocketEvent.STOP || status == SocketEvent.ERROR ? SocketState.CLOSED : SocketState.ASYNC_IO;
    }

    @Override
    public void timeoutAsync(long now) {}

    @Override
    public void setSslSupport(SSLSupport support) {}

    @Override
    public void pause() {}

    @Override
    public void destroy() {}
}
