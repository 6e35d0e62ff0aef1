package io.replog.benchmarks.load;

import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * What Spring MVC alone costs: a POST on virtual threads that reads the same JSON and answers as much, and a GET, without
 * log or replicas.
 */
@EnableAutoConfiguration(excludeName = "io.replog.node.NodeAutoConfiguration")
public class BareEndpoint {
    private static final String VALUE = "x".repeat(100);

    record Message(String message) {}

    record Answer(long id, long index, long term, int w, List<String> acks, boolean committed) {}

    record KeyValue(String key, String value, long index) {}

    @RestController
    static class Controller {
        @PostMapping("/messages")
        Answer post(@RequestBody Message message) {
            return new Answer(
                    message.message().length(), 9, 1, 3, List.of("master", "secondary-1", "secondary-2"), true);
        }

        @GetMapping("/kv/{key}")
        ResponseEntity<KeyValue> get(@PathVariable String key) {
            return ResponseEntity.ok().eTag("9").body(new KeyValue(key, VALUE, 9));
        }
    }

    @Bean
    Controller controller() {
        return new Controller();
    }

    static void main(String[] args) {
        SpringApplication application = new SpringApplication(BareEndpoint.class);
        application.setDefaultProperties(Map.of(
                "server.address", "127.0.0.1",
                "server.tomcat.max-keep-alive-requests", "-1",
                "management.endpoint.health.validate-group-membership", "false",
                "spring.threads.virtual.enabled", "true"));
        application.run(args);
    }
}
