package io.replog.node.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.servlet.HandlerMapping;

class RequestMetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final RequestMeters meters = new RequestMeters(registry);

    @Test
    void requestsAreTimedByMethodPathStatusAndOutcome() {
        meters.answered(new MockHttpServletRequest("POST", "/messages"), 201, 1_000_000);
        meters.answered(new MockHttpServletRequest("POST", "/messages"), 201, 3_000_000);
        meters.answered(new MockHttpServletRequest("POST", "/messages"), 503, 1);

        Timer created = timer("POST", "/messages", "201", "SUCCESS");
        assertThat(created.count()).isEqualTo(2);
        assertThat(created.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(4);
        assertThat(timer("POST", "/messages", "503", "SERVER_ERROR").count()).isOne();
    }

    @Test
    void allKeysShareOneMeter() {
        meters.answered(new MockHttpServletRequest("GET", "/kv/a"), 200, 1);
        meters.answered(new MockHttpServletRequest("GET", "/kv/b%2Fc"), 200, 1);

        assertThat(timer("GET", "/kv/{key}", "200", "SUCCESS").count()).isEqualTo(2);
    }

    @Test
    void aPathThatSpringMatchedIsNamedByItsPattern() {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/messages/17");
        request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, "/messages/{id}");

        meters.answered(request, 200, 1);

        assertThat(timer("GET", "/messages/{id}", "200", "SUCCESS").count()).isOne();
    }

    @Test
    void whatAClientMakesUpMakesNoMeterOfItsOwn() {
        for (int i = 0; i < 100; i++) {
            meters.answered(new MockHttpServletRequest("BREW" + i, "/tea/" + i), 404, 1);
        }

        assertThat(registry.getMeters()).hasSize(1);
        assertThat(timer("UNKNOWN", "UNKNOWN", "404", "CLIENT_ERROR").count()).isEqualTo(100);
    }

    private Timer timer(String method, String uri, String status, String outcome) {
        return registry.get("http.server.requests")
                .tag("method", method)
                .tag("uri", uri)
                .tag("status", status)
                .tag("outcome", outcome)
                .timer();
    }
}
