package io.hermes.loadgen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Draws SVG, as text: needs no fonts on this machine, and reads as what it is. */
final class SvgCanvas implements Canvas {

    private final StringBuilder svg = new StringBuilder();

    SvgCanvas(int width, int height) {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                        + " font-family=\"DejaVu Sans, Helvetica, Arial, sans-serif\">",
                width, height, width, height);
        add("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", width, height);
    }

    @Override
    public void line(double x1, double y1, double x2, double y2, int color, double width) {
        add(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%.1f\"/>",
                x1, y1, x2, y2, hex(color), width);
    }

    @Override
    public void curve(String name, double[] xs, double[] ys, int color) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < xs.length; i++) {
            points.append(String.format(Locale.ROOT, "%s%.1f,%.1f", i == 0 ? "" : " ", xs[i], ys[i]));
        }
        add(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2.5\" stroke-linejoin=\"round\">"
                        + "<title>%s</title></polyline>",
                points, hex(color), escaped(name));
    }

    @Override
    public void mark(double x, double y, double radius, int color, boolean diamond) {
        if (diamond) {
            double r = radius * 1.3;
            add(
                    "<polygon points=\"%.1f,%.1f %.1f,%.1f %.1f,%.1f %.1f,%.1f\" fill=\"%s\"/>",
                    x, y - r, x + r, y, x, y + r, x - r, y, hex(color));
        } else {
            add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\"/>", x, y, radius, hex(color));
        }
    }

    @Override
    public void text(String text, double x, double y, Font font) {
        add(
                "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" fill=\"%s\" text-anchor=\"%s\"%s%s stroke=\"#ffffff\""
                        + " stroke-width=\"3\" paint-order=\"stroke\">%s</text>",
                x,
                y,
                font.size(),
                hex(font.color()),
                font.anchor().name().toLowerCase(Locale.ROOT),
                font.bold() ? " font-weight=\"bold\"" : "",
                font.upward() ? String.format(Locale.ROOT, " transform=\"rotate(-90 %.1f %.1f)\"", x, y) : "",
                escaped(text));
    }

    @Override
    public void save(Path withoutEnding) throws IOException {
        Files.writeString(Path.of(withoutEnding + ".svg"), svg + "</svg>\n");
    }

    private void add(String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }

    private static String hex(int color) {
        return String.format("#%06x", color);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
