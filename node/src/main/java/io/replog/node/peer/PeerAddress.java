package io.replog.node.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Where a peer is. Names are looked up for each connection, for a peer may come back under another address, and on a
 * thread of their own, for a look-up may take seconds.
 */
final class PeerAddress {
    sealed interface Resolution {}

    record Pending() implements Resolution {}

    record Resolved(InetSocketAddress address) implements Resolution {}

    record Failed(IOException reason) implements Resolution {}

    private static final int HTTP_PORT = 80;

    private final String host;
    private final int port;
    private final Runnable wakeup;
    private final AtomicReference<Resolution> resolution = new AtomicReference<>(new Pending());

    /**
     * @param url    {@code http://host:port}
     * @param wakeup called on another thread when a look-up ended
     * @throws IllegalArgumentException where the url is not of that form
     */
    PeerAddress(String url, Runnable wakeup) {
        URI uri = URI.create(url);
        String named = uri.getHost();
        if (named == null) {
            throw new IllegalArgumentException("url '" + url + "' of a peer: accepted is http://host:port");
        }
        this.host = named;
        this.port = uri.getPort() < 0 ? HTTP_PORT : uri.getPort();
        this.wakeup = wakeup;
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    /** Begins a look-up; an address that needs none is there at once. */
    void resolve() {
        try {
            resolution.set(new Resolved(new InetSocketAddress(InetAddress.ofLiteral(host), port)));
        } catch (IllegalArgumentException e) {
            Pending begun = new Pending();
            resolution.set(begun);
            Thread.ofVirtual().name("peer-name-lookup").start(() -> lookUp(begun));
        }
    }

    Resolution resolution() {
        return resolution.get();
    }

    private void lookUp(Pending begun) {
        Resolution found;
        try {
            found = new Resolved(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (UnknownHostException e) {
            found = new Failed(e);
        }
        resolution.compareAndSet(begun, found);
        wakeup.run();
    }
}
