package io.replog.cli.demo;

/** One thing that replog promises, shown on real processes. */
interface Demonstration {
    /** As on the command line. */
    String name();

    String title();

    /** What it is to show, in a sentence or two. */
    String question();

    /** What it does not show. */
    String limits();

    /** Shows it, and says on the stage whether each promise was held. */
    void perform(Stage stage);
}
