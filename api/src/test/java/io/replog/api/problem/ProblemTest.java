package io.replog.api.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ProblemTest {
    private final JsonMapper json = new JsonMapper();

    @Test
    void absentMembersAreLeftOut() {
        String text = json.writeValueAsString(Problem.of(ProblemType.NO_QUORUM, "only one of three answers"));

        assertThat(text)
                .isEqualTo("{\"type\":\"urn:replog:problem:no-quorum\",\"title\":\"No quorum\",\"status\":503,"
                        + "\"detail\":\"only one of three answers\",\"outcome\":\"not-stored\"}");
    }

    @Test
    void membersOfAnUnknownOutcomeComeBack() {
        Problem problem = Problem.of(ProblemType.DEADLINE_AFTER_APPEND, "2 of 3 hold it")
                .withPlacement(7L, 9, List.of("master"), List.of("secondary-1"));

        Problem read = json.readValue(json.writeValueAsString(problem), Problem.class);

        assertThat(read).isEqualTo(problem);
    }

    @Test
    void membersThatAReaderDoesNotKnowAreIgnored() {
        Problem read = json.readValue(
                "{\"type\":\"about:blank\",\"title\":\"t\",\"status\":404,\"detail\":\"d\",\"instance\":\"/x\"}",
                Problem.class);

        assertThat(read.status()).isEqualTo(404);
        assertThat(read.outcome()).isNull();
    }
}
