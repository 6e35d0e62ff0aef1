package io.replog.node;

import java.time.Duration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.util.unit.DataSize;

/** Says in one line why a node does not start, where it is for a person to put right. */
final class StartFailureReporter implements SpringBootExceptionReporter, Ordered {
    private static final Logger LOG = LoggerFactory.getLogger(StartFailureReporter.class);

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public boolean reportException(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String line = describe(cause);
            if (line != null) {
                LOG.error("cannot start: {}", line);
                return true;
            }
        }
        return false;
    }

    static @Nullable String describe(Throwable cause) {
        return switch (cause) {
            case InvalidSettingException invalid -> invalid.getMessage();
            case PortInUseException inUse ->
                "server.port is '" + inUse.getPort() + "': the port is in use; accepted is a free one";
            case UnboundConfigurationPropertiesException unbound -> describe(unbound);
            case BindException bind -> describe(bind);
            default -> null;
        };
    }

    private static String describe(UnboundConfigurationPropertiesException unbound) {
        return unbound.getUnboundProperties().stream()
                .map(property -> property.getName() + " is '" + property.getValue() + "': there is no such setting")
                .collect(Collectors.joining("; "));
    }

    private static @Nullable String describe(BindException bind) {
        if (bind.getCause() instanceof UnboundConfigurationPropertiesException) {
            return null;
        }
        ConfigurationProperty property = bind.getProperty();
        if (property == null) {
            return null;
        }
        Class<?> type = bind.getTarget().getType().resolve(Object.class);
        return property.getName() + " is '" + property.getValue() + "': " + accepted(type);
    }

    private static String accepted(Class<?> type) {
        if (type == Duration.class) {
            return "accepted are durations with their unit, such as 100ms, 5s or 1m";
        }
        if (type == DataSize.class) {
            return "accepted are sizes with their unit, such as 64KB or 1MB";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "accepted are true and false";
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "accepted are whole numbers";
        }
        return "accepted is a value of type " + type.getSimpleName();
    }
}
