package io.replog.node.web;

import org.apache.catalina.Lifecycle;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.Adapter;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.net.SocketEvent;

/**
 * Keeps keys away from Tomcat's reading of paths. It refuses {@code %00} and what is not UTF-8, takes {@code ..} for a step up,
 * and has no setting for it; a key may be any text. A URI that is not given to it as bytes it takes for one that is decoded
 * already: so a path below {@code /kv} is given as {@code /kv/key}, and {@code KvFilter} reads the request's URI as it came.
 * Thread-safe.
 */
final class KeyPathAdapter implements Adapter {
    private static final String BELOW = "/kv/";
    private static final String DECODED = "/kv/key";

    private final Adapter tomcat;

    private KeyPathAdapter(Adapter tomcat) {
        this.tomcat = tomcat;
    }

    /** Puts one before the connector's own, once it has made it. */
    static void install(Connector connector) {
        connector.addLifecycleListener(event -> {
            if (event.getType().equals(Lifecycle.AFTER_INIT_EVENT)) {
                connector
                        .getProtocolHandler()
                        .setAdapter(new KeyPathAdapter(
                                connector.getProtocolHandler().getAdapter()));
            }
        });
    }

    @Override
    public void service(Request request, Response response) throws Exception {
        MessageBytes uri = request.requestURI();
        if (uri.startsWithIgnoreCase(BELOW, 0)) {
            String path = uri.toString();
            if (path.startsWith(BELOW)) {
                uri.setString(path);
                request.decodedURI().setString(DECODED);
            }
        }
        tomcat.service(request, response);
    }

    @Override
    public boolean prepare(Request request, Response response) throws Exception {
        return tomcat.prepare(request, response);
    }

    @Override
    public boolean asyncDispatch(Request request, Response response, SocketEvent status) throws Exception {
        return tomcat.asyncDispatch(request, response, status);
    }

    @Override
    public void log(Request request, Response response, long time) {
        tomcat.log(request, response, time);
    }

    @Override
    public void checkRecycled(Request request, Response response) {
        tomcat.checkRecycled(request, response);
    }

    @Override
    public String getDomain() {
        return tomcat.getDomain();
    }
}
