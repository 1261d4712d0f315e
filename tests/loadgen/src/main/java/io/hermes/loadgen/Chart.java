package io.hermes.loadgen;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A picture of curves over two axes, with a third on the right if a curve needs it. Drawn alike on any canvas. */
final class Chart {

    static final int BLUE = 0x1f5fa8;
    static final int ORANGE = 0xd95f02;

    private static final int GRID = 0xe6e6e6;
    private static final int FRAME = 0x888888;
    private static final int LEFT = 96;
    private static final int RIGHT = 32;
    private static final int RIGHT_WITH_AXIS = 92;
    private static final int TOP = 84;
    private static final int BOTTOM = 72;
    private static final double MARK = 5.5;
    private static final double LEGEND_GAP = 30;
    /** Between two places at which a curve is looked at. */
    private static final double STRIDE = 5;

    private static final double LABEL_WIDTH = 26;
    private static final double LABEL_HEIGHT = 15;

    /**
     * A curve.
     *
     * @param name in the legend
     * @param xs one per point
     * @param ys one per point
     * @param labels one per point, or none
     * @param color as 0xRRGGBB
     * @param marked whether its points are marked
     * @param diamond whether by diamonds
     * @param right whether its axis is the right one
     */
    record Curve(
            String name,
            List<Double> xs,
            List<Double> ys,
            List<String> labels,
            int color,
            boolean marked,
            boolean diamond,
            boolean right) {

        Curve {
            xs = List.copyOf(xs);
            ys = List.copyOf(ys);
            labels = List.copyOf(labels);
        }
    }

    private final int width;
    private final int height;
    private final String title;
    private final Axis x;
    private final Axis left;
    private final List<Axis> right;
    private final List<Curve> curves;

    /**
     * A picture; nothing is drawn yet.
     *
     * @param right one axis or none
     */
    Chart(int width, int height, String title, Axis x, Axis left, List<Axis> right, List<Curve> curves) {
        this.width = width;
        this.height = height;
        this.title = title;
        this.x = x;
        this.left = left;
        this.right = List.copyOf(right);
        this.curves = List.copyOf(curves);
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    void draw(Canvas canvas) {
        canvas.text(
                title, width / 2.0, 34, Canvas.Font.of(20, Canvas.Anchor.MIDDLE).inBold());
        drawLegend(canvas);
        drawHorizontalAxis(canvas);
        drawLeftAxis(canvas);
        right.forEach(axis -> drawRightAxis(canvas, axis));
        drawFrame(canvas);
        for (Curve curve : curves) {
            double[] xs = curve.xs().stream().mapToDouble(this::atX).toArray();
            double[] ys = curve.ys().stream()
                    .mapToDouble(value -> atY(curve.right() ? right.get(0) : left, value))
                    .toArray();
            canvas.curve(curve.name(), xs, ys, curve.color());
            for (int i = 0; i < xs.length && curve.marked(); i++) {
                canvas.mark(xs[i], ys[i], MARK, curve.color(), curve.diamond());
            }
        }
        drawLabels(canvas);
    }

    private void drawLegend(Canvas canvas) {
        // A letter is about half as wide as high.
        double total = curves.stream().mapToDouble(Chart::legendWidth).sum();
        double at = (width - total + LEGEND_GAP) / 2;
        for (Curve curve : curves) {
            canvas.line(at, 58, at + 30, 58, curve.color(), 2.5);
            if (curve.marked()) {
                canvas.mark(at + 15, 58, MARK, curve.color(), curve.diamond());
            }
            canvas.text(curve.name(), at + 38, 63, Canvas.Font.of(15, Canvas.Anchor.START));
            at += legendWidth(curve);
        }
    }

    private static double legendWidth(Curve curve) {
        return 38 + curve.name().length() * 8.4 + LEGEND_GAP;
    }

    private void drawHorizontalAxis(Canvas canvas) {
        double bottom = height - BOTTOM;
        for (double tick : x.ticks()) {
            canvas.line(atX(tick), TOP, atX(tick), bottom, GRID, 1);
            canvas.text(Axis.label(tick), atX(tick), bottom + 20, Canvas.Font.of(13, Canvas.Anchor.MIDDLE));
        }
        canvas.text(x.title(), (LEFT + plotRight()) / 2.0, height - 20, Canvas.Font.of(15, Canvas.Anchor.MIDDLE));
    }

    private void drawLeftAxis(Canvas canvas) {
        for (double tick : left.ticks()) {
            double at = atY(left, tick);
            canvas.line(LEFT, at, plotRight(), at, GRID, 1);
            canvas.text(Axis.label(tick), LEFT - 8, at + 5, axisFont(Canvas.Anchor.END, curveColor(false)));
        }
        canvas.text(
                left.title(),
                24,
                (TOP + height - BOTTOM) / 2.0,
                Canvas.Font.of(15, Canvas.Anchor.MIDDLE)
                        .inColor(curveColor(false))
                        .turnedUpward());
    }

    private void drawRightAxis(Canvas canvas, Axis axis) {
        for (double tick : axis.ticks()) {
            canvas.text(
                    Axis.label(tick),
                    plotRight() + 8,
                    atY(axis, tick) + 5,
                    axisFont(Canvas.Anchor.START, curveColor(true)));
        }
        canvas.text(
                axis.title(),
                width - 14,
                (TOP + height - BOTTOM) / 2.0,
                Canvas.Font.of(15, Canvas.Anchor.MIDDLE)
                        .inColor(curveColor(true))
                        .turnedUpward());
    }

    private static Canvas.Font axisFont(Canvas.Anchor anchor, int color) {
        return Canvas.Font.of(13, anchor).inColor(color);
    }

    /** With two axes, each has the color of its curve. */
    private int curveColor(boolean ofRight) {
        return right.isEmpty()
                ? Canvas.Font.of(1, Canvas.Anchor.START).color()
                : curves.stream()
                        .filter(curve -> curve.right() == ofRight)
                        .mapToInt(Curve::color)
                        .findFirst()
                        .orElse(FRAME);
    }

    private void drawFrame(Canvas canvas) {
        double bottom = height - BOTTOM;
        canvas.line(LEFT, TOP, plotRight(), TOP, FRAME, 1);
        canvas.line(LEFT, bottom, plotRight(), bottom, FRAME, 1);
        canvas.line(LEFT, TOP, LEFT, bottom, FRAME, 1);
        canvas.line(plotRight(), TOP, plotRight(), bottom, FRAME, 1);
    }

    /** Each label where it covers neither a point, nor another label, nor, if there is such a place, a curve. */
    private void drawLabels(Canvas canvas) {
        List<double[]> taken = new ArrayList<>();
        List<double[]> lines = new ArrayList<>();
        for (Curve curve : curves) {
            for (int i = 0; i < curve.labels().size(); i++) {
                taken.add(new double[] {
                    atX(curve.xs().get(i)), atY(left, curve.ys().get(i)), 12, 12
                });
            }
            addLines(lines, curve);
        }
        for (Curve curve : curves) {
            for (int i = 0; i < curve.labels().size(); i++) {
                List<double[]> places =
                        places(atX(curve.xs().get(i)), atY(left, curve.ys().get(i)));
                double[] place = places.stream()
                        .filter(box -> isFree(box, taken) && isFree(box, lines))
                        .findFirst()
                        .or(() -> places.stream()
                                .filter(box -> isFree(box, taken))
                                .findFirst())
                        .orElse(places.get(0));
                taken.add(place);
                canvas.text(
                        curve.labels().get(i),
                        place[0],
                        place[1] + 5,
                        Canvas.Font.of(14, Canvas.Anchor.MIDDLE)
                                .inColor(curve.color())
                                .inBold());
            }
        }
    }

    /** Where a point's label may be: above it, left, right, below, further away. */
    private static List<double[]> places(double x, double y) {
        double[][] offsets = {{0, -16}, {-20, 0}, {20, 0}, {0, 17}, {-16, -15}, {16, -15}, {0, -31}, {0, 32}};
        return Stream.of(offsets)
                .map(offset -> new double[] {x + offset[0], y + offset[1], LABEL_WIDTH, LABEL_HEIGHT})
                .toList();
    }

    private void addLines(List<double[]> lines, Curve curve) {
        for (int i = 1; i < curve.labels().size(); i++) {
            double x1 = atX(curve.xs().get(i - 1));
            double y1 = atY(left, curve.ys().get(i - 1));
            double x2 = atX(curve.xs().get(i));
            double y2 = atY(left, curve.ys().get(i));
            int steps = 1 + (int) (Math.hypot(x2 - x1, y2 - y1) / STRIDE);
            for (int step = 0; step <= steps; step++) {
                double part = (double) step / steps;
                lines.add(new double[] {x1 + part * (x2 - x1), y1 + part * (y2 - y1), 3, 3});
            }
        }
    }

    private static boolean isFree(double[] box, List<double[]> taken) {
        return taken.stream().noneMatch(other -> overlaps(box, other));
    }

    /** Boxes by their middle, width and height. */
    private static boolean overlaps(double[] one, double[] other) {
        return Math.abs(one[0] - other[0]) < (one[2] + other[2]) / 2
                && Math.abs(one[1] - other[1]) < (one[3] + other[3]) / 2;
    }

    private double plotRight() {
        return width - (right.isEmpty() ? RIGHT : RIGHT_WITH_AXIS);
    }

    private double atX(double value) {
        return LEFT + x.place(value) * (plotRight() - LEFT);
    }

    private double atY(Axis axis, double value) {
        double bottom = height - BOTTOM;
        return bottom - axis.place(value) * (bottom - TOP);
    }
}
