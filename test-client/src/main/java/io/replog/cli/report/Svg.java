package io.replog.cli.report;

import java.util.Locale;

/** Builds an SVG drawing; coordinates in pixels from the upper left corner. Not thread-safe. */
public final class Svg {
    private final StringBuilder text = new StringBuilder(4096);

    public Svg(int width, int height, String title) {
        text.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\""
                        + " font-family=\"system-ui, sans-serif\" font-size=\"12\">\n<title>%s</title>\n"
                        + "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n",
                width,
                height,
                width,
                height,
                escape(title),
                width,
                height));
    }

    public Svg line(double x1, double y1, double x2, double y2, String colour, double width) {
        return add("<line" + at("x1", x1) + at("y1", y1) + at("x2", x2) + at("y2", y2) + at("stroke-width", width)
                + at("stroke", colour) + "/>");
    }

    public Svg rect(double x, double y, double width, double height, String colour) {
        return add("<rect" + at("x", x) + at("y", y) + at("width", width) + at("height", height) + at("fill", colour)
                + "/>");
    }

    /** A rectangle that tells {@code tip} where the pointer rests on it. */
    public Svg band(double x, double y, double width, double height, String colour, String tip) {
        return add("<rect" + at("x", x) + at("y", y) + at("width", width) + at("height", height) + at("fill", colour)
                + "><title>" + escape(tip) + "</title></rect>");
    }

    /** A circle that tells {@code tip} where the pointer rests on it. */
    public Svg dot(double x, double y, double radius, String colour, String tip) {
        return add("<circle" + at("cx", x) + at("cy", y) + at("r", radius) + at("fill", colour) + "><title>"
                + escape(tip) + "</title></circle>");
    }

    /** @param anchor {@code start}, {@code middle} or {@code end} */
    public Svg label(double x, double y, String anchor, String colour, String label) {
        return add("<text" + at("x", x) + at("y", y) + at("text-anchor", anchor) + at("fill", colour) + ">"
                + escape(label) + "</text>");
    }

    /** @param points pairs of x and y */
    public Svg path(double[] points, String colour) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i + 1 < points.length; i += 2) {
            path.append(number(points[i]))
                    .append(',')
                    .append(number(points[i + 1]))
                    .append(' ');
        }
        return add("<polyline" + at("points", path.toString().strip()) + at("stroke", colour)
                + " fill=\"none\" stroke-width=\"2\"/>");
    }

    private Svg add(String element) {
        text.append(element).append('\n');
        return this;
    }

    private static String at(String name, double value) {
        return at(name, number(value));
    }

    private static String at(String name, String value) {
        return " " + name + "=\"" + value + "\"";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    /** The drawing as it stands so far. */
    @Override
    public String toString() {
        return text + "</svg>\n";
    }

    /** Text as it may stand in XML and HTML. */
    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
