package io.replog.cli.demo;

import io.replog.cli.Console;
import io.replog.cli.cluster.ClusterException;
import io.replog.cli.cluster.NodeJars;
import io.replog.cli.report.Story;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All demonstrations, by name. */
public final class Demonstrations {
    /** The name that stands for all of them. */
    public static final String ALL = "all";

    private static final List<Demonstration> DEMONSTRATIONS = List.of(
            new Blocking(),
            new WriteConcern(),
            new SelfCheck(),
            new Backup(),
            new Crash(),
            new Omission(),
            new Failover(),
            new Sequential(),
            new SplitBrain());

    private Demonstrations() {}

    /** What may be asked for, {@link #ALL} last. */
    public static List<String> names() {
        List<String> names = new ArrayList<>();
        DEMONSTRATIONS.forEach(demonstration -> names.add(demonstration.name()));
        names.add(ALL);
        return names;
    }

    /**
     * Performs one, or all.
     *
     * @param name  one of {@link #names}
     * @param quiet whether to tell nothing while it goes on
     */
    public static List<Story> perform(String name, NodeJars jars, Console console, boolean quiet) {
        List<Story> stories = new ArrayList<>();
        for (Demonstration demonstration : DEMONSTRATIONS) {
            if (name.equals(ALL) || name.equals(demonstration.name())) {
                stories.add(perform(demonstration, jars, console, quiet));
            }
        }
        return stories;
    }

    private static Story perform(Demonstration demonstration, NodeJars jars, Console console, boolean quiet) {
        Story story = new Story(demonstration.name(), demonstration.title(), demonstration.question());
        story.limits(demonstration.limits());
        if (!quiet) {
            console.line(console.bold(demonstration.name() + ": " + demonstration.title()));
            console.line(demonstration.question());
        }
        try (Stage stage = new Stage(jars, console, story, quiet)) {
            String failure = perform(demonstration, stage);
            story.end(stage.now(), failure);
        }
        if (!quiet) {
            String verdict = story.succeeded() ? console.green("HELD") : console.red("FAILED");
            String why = story.failure() == null ? "" : ": " + story.failure();
            console.line(verdict + " " + demonstration.name() + " in " + Stage.seconds(story.seconds()) + why);
            console.line("");
        }
        return story;
    }

    /** Why it could not be carried through, null where it was. */
    private static @Nullable String perform(Demonstration demonstration, Stage stage) {
        try {
            demonstration.perform(stage);
            return null;
        } catch (ClusterException e) {
            return String.valueOf(e.getMessage());
        } catch (RuntimeException e) {
            return "it broke off: " + (e.getMessage() == null ? e : e.getMessage());
        }
    }
}
