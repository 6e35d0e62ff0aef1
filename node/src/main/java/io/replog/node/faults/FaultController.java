package io.replog.node.faults;

import io.replog.node.web.http.ProblemException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
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
        faults.replace(parse(body));
        String now = json.write(faults.settings());
        LOG.warn("faults are {}", now);
        return now;
    }

    private FaultSettings parse(String body) {
        try {
            return json.read(body);
        } catch (FaultSyntaxException e) {
            throw ProblemException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    /** Heals. */
    @DeleteMapping
    public String delete() {
        faults.replace(FaultSettings.NONE);
        LOG.warn("faults are healed");
        return json.write(faults.settings());
    }
}
