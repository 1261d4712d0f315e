package io.hermes.loadgen;

import java.io.IOException;
import java.nio.file.Path;

/** Something to draw on, in units of a pixel from the upper left corner. */
interface Canvas {

    /** Where a text begins, has its middle, or ends. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    /**
     * How a text looks.
     *
     * @param size in pixels
     * @param color as 0xRRGGBB
     * @param anchor of the given place
     * @param bold whether it is
     * @param upward whether it runs upward
     */
    record Font(int size, int color, Anchor anchor, boolean bold, boolean upward) {

        static Font of(int size, Anchor anchor) {
            return new Font(size, 0x333333, anchor, false, false);
        }

        Font inBold() {
            return new Font(size, color, anchor, true, upward);
        }

        Font inColor(int other) {
            return new Font(size, other, anchor, bold, upward);
        }

        Font turnedUpward() {
            return new Font(size, color, anchor, bold, true);
        }
    }

    /** A straight line. */
    void line(double x1, double y1, double x2, double y2, int color, double width);

    /** A line through points, with a name. */
    void curve(String name, double[] xs, double[] ys, int color);

    /** A disc, or a square on its corner. */
    void mark(double x, double y, double radius, int color, boolean diamond);

    /** A text, with a white rim that keeps it legible over lines. */
    void text(String text, double x, double y, Font font);

    /** Writes the picture; the ending of its name is added. */
    void save(Path withoutEnding) throws IOException;
}
