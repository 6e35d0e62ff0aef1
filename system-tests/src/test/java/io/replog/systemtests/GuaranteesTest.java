package io.replog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each promise in {@code docs/GUARANTEES.md} leads to a test that is there. */
class GuaranteesTest {
    private static final Path DOCS = Path.of("..", "docs");

    /** A link, or the name of a class of tests, or of a test behind it. */
    private static final Pattern PROOF =
            Pattern.compile("\\[([^\\]]+)\\]\\(([^)]+)\\)|\\b(\\w+(?:Test|IT|Cases))\\b|`(\\w{15,})`");

    @Test
    void each_proof_that_is_named_exists() throws IOException {
        // given
        String page = Files.readString(DOCS.resolve("GUARANTEES.md"));
        Map<String, String> sources = new HashMap<>();
        List<String> missing = new ArrayList<>();
        Matcher links = Pattern.compile("\\[([^\\]]+)\\]\\(([^)]+)\\)").matcher(page);
        while (links.find()) {
            Path target = DOCS.resolve(links.group(2));
            if (!Files.exists(target)) {
                missing.add(links.group());
            } else if (Files.isRegularFile(target)) {
                sources.put(links.group(1), Files.readString(target));
            }
        }

        // when
        int tests = 0;
        String source = "";
        Matcher proofs = PROOF.matcher(page);
        while (proofs.find()) {
            String test = proofs.group(4);
            if (test == null) {
                String name = proofs.group(1) == null ? proofs.group(3) : proofs.group(1);
                source = sources.getOrDefault(name, "");
                if (source.isEmpty() && name.matches("\\w+")) {
                    missing.add(name + " has no link");
                }
            } else {
                tests++;
                if (!source.contains("void " + test + "(")) {
                    missing.add(test);
                }
            }
        }

        // then
        assertThat(missing).isEmpty();
        assertThat(tests).isGreaterThan(30);
    }
}
