package io.replog.node.text;

import io.replog.node.NodeSettings;
import io.replog.node.ReplogProperties;
import io.replog.node.engine.ReplicatedLog;
import io.replog.node.web.WebSettings;
import io.replog.node.web.forward.LeaderTransport;
import io.replog.node.web.http.ReadGate;
import java.net.InetAddress;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Opens the text port where {@code replog.text-port} asks for it. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnExpression("${replog.text-port:0} != 0")
public class TextConfiguration {
    @Bean
    TextPort textPort(
            NodeSettings settings,
            ReplogProperties properties,
            WebSettings web,
            ServerProperties server,
            ReplicatedLog log,
            ReadGate gate,
            LeaderTransport transport) {
        InetAddress address = server.getAddress();
        ReplogProperties.Text text = properties.text();
        return new TextPort(
                new TextPortSettings(
                        address == null ? InetAddress.getLoopbackAddress() : address,
                        settings.textPort(),
                        settings.writeConcern(),
                        settings.kvWriteConcern(),
                        web.leaderWait(),
                        settings.maxMessageBytes(),
                        text.maxConnections(),
                        text.maxPipelined(),
                        Math.max(Runtime.getRuntime().maxMemory() / 8, 2L * settings.maxMessageBytes()),
                        text.commandTimeout(),
                        text.writeTimeout()),
                log,
                gate,
                transport);
    }
}
