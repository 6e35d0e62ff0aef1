package io.replog.node.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.json.JsonMapper;

/**
 * The description of the HTTP API, for machines (OpenAPI) and for readers. Written by hand, since half of the API stands in
 * servlets that no generator sees; read when it is asked for, since few nodes ever are.
 */
@RestController
final class ApiDocsController {
    private static final String YAML = "application/yaml";

    private final JsonMapper json = new JsonMapper();

    @GetMapping(path = "/openapi.yaml", produces = YAML)
    byte[] yaml() {
        return resource("openapi.yaml");
    }

    @GetMapping(path = "/v3/api-docs", produces = MediaType.APPLICATION_JSON_VALUE)
    byte[] json() {
        Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        Object description = yaml.load(new String(resource("openapi.yaml"), StandardCharsets.UTF_8));
        return json.writeValueAsBytes(description);
    }

    @GetMapping({"/swagger-ui.html", "/swagger-ui/index.html", "/docs"})
    ResponseEntity<byte[]> page() {
        return ResponseEntity.ok()
                .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
                .body(resource("api.html"));
    }

    private static byte[] resource(String name) {
        try (InputStream in = new ClassPathResource(name, ApiDocsController.class).getInputStream()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
