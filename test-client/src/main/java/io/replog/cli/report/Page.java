package io.replog.cli.report;

import java.util.List;

/** A document that is built from top to bottom; its text is what it is printed as. Texts are plain. Not thread-safe. */
interface Page {
    /** @param level 2 for a chapter, 3 for a section */
    void heading(int level, String text);

    void paragraph(String text);

    /** A paragraph that begins with a word that stands out. */
    void paragraph(String label, String text);

    void table(List<String> heading, List<List<String>> rows);

    /** @param svg as it is to stand in an HTML document */
    void drawing(String name, String svg);
}
