package io.replog.node.faults;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** {@code /faults}: exists only where {@code replog.faults.enabled} is set. */
@RestController
@RequestMapping(path = "/faults", produces = MediaType.APPLICATION_JSON_VALUE)
public final class FaultController {
    private static final Logger LOG = LoggerFactory.getLogger(FaultController.class);

    private final Faults faults;
    private final FaultJson json;

    public FaultController(Faults faults, JsonMapper mapper) {
        this.faults = faults;
        this.json = new FaultJson(mapper);
    }

    /** The faults that are switched on. */
    @GetMapping
    public String get() {
        return json.write(faults.settings());
    }

    /** Replaces them all; what the body leaves out is off. */
    @PutMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    public String put(@RequestBody String body) {
        faults.replace(json.read(body));
        String now = json.write(faults.settings());
        LOG.warn("faults are {}", now);
        return now;
    }

    /** Heals. */
    @DeleteMapping
    public String delete() {
        faults.replace(FaultSettings.NONE);
        LOG.warn("faults are healed");
        return json.write(faults.settings());
    }

    @ExceptionHandler(FaultSyntaxException.class)
    ResponseEntity<ProblemDetail> refused(FaultSyntaxException refused) {
        ProblemDetail problem =
                ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, String.valueOf(refused.getMessage()));
        problem.setProperty("outcome", "not-stored");
        return ResponseEntity.badRequest()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }
}
