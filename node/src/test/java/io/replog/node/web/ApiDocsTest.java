package io.replog.node.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.replog.node.faults.FaultController;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ApiDocsTest {
    private static TestNode node;

    @BeforeAll
    static void startNode() {
        node = TestNode.start(FakeLog.leaderOfThree());
    }

    @AfterAll
    static void stopNode() {
        node.close();
    }

    @Test
    void theDescriptionHasEveryOperationAndNoOther() {
        Set<String> served = new TreeSet<>(node.operations());
        served.removeIf(operation -> operation.contains(" /actuator")
                || operation.contains(" /error")
                || operation.matches("GET /(openapi.yaml|v3/api-docs|swagger-ui.*|docs|livez|readyz)"));
        served.addAll(operationsOf(FaultController.class));
        // Servlets and filters of their own, which Spring's dispatcher does not know.
        served.addAll(Set.of("GET /messages", "POST /messages", "POST /echo"));
        served.addAll(Set.of(
                "GET /kv",
                "GET /kv/{key}",
                "PUT /kv/{key}",
                "DELETE /kv/{key}",
                "POST /kv/{key}/append",
                "POST /kv/{key}/hash"));

        assertThat(described()).containsExactlyElementsOf(served);
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        JsonNode api = description();

        for (JsonNode reference : api.findValues("$ref")) {
            assertThat(api.at(reference.stringValue().substring(1)).isMissingNode())
                    .as(reference.stringValue())
                    .isFalse();
        }
    }

    @Test
    void thePageAndTheYamlAreServed() {
        HttpResponse<String> page = node.get("/swagger-ui.html");

        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
        assertThat(page.body()).contains("/v3/api-docs");
        assertThat(node.get("/openapi.yaml").body()).startsWith("openapi: 3.1.0");
    }

    private static JsonNode description() {
        return new JsonMapper().readTree(node.get("/v3/api-docs").body());
    }

    private static Set<String> described() {
        Set<String> operations = new TreeSet<>();
        description().get("paths").propertyStream().forEach(path -> path.getValue()
                .propertyNames()
                .forEach(method -> {
                    if (!method.equals("parameters")) {
                        operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                    }
                }));
        return operations;
    }

    private static Set<String> operationsOf(Class<?> controller) {
        Set<String> operations = new TreeSet<>();
        RequestMapping base = AnnotatedElementUtils.findMergedAnnotation(controller, RequestMapping.class);
        String prefix = base == null || base.path().length == 0 ? "" : base.path()[0];
        for (var method : controller.getDeclaredMethods()) {
            RequestMapping mapping = AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class);
            if (mapping != null) {
                String[] paths = mapping.path().length == 0 ? new String[] {""} : mapping.path();
                for (RequestMethod verb : mapping.method()) {
                    Arrays.stream(paths).forEach(path -> operations.add(verb + " " + prefix + path));
                }
            }
        }
        return operations;
    }
}
