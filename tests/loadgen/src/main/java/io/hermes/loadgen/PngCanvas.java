package io.hermes.loadgen;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.font.GlyphVector;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Draws a bitmap, twice as fine as its units. Needs a font on this machine. */
final class PngCanvas implements Canvas {

    private static final int SCALE = 2;

    private final BufferedImage image;
    private final Graphics2D graphics;

    PngCanvas(int width, int height) {
        image = new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
        graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        graphics.scale(SCALE, SCALE);
    }

    @Override
    public void line(double x1, double y1, double x2, double y2, int color, double width) {
        graphics.setColor(new Color(color));
        graphics.setStroke(new BasicStroke((float) width));
        graphics.draw(new Line2D.Double(x1, y1, x2, y2));
    }

    @Override
    public void curve(String name, double[] xs, double[] ys, int color) {
        graphics.setColor(new Color(color));
        graphics.setStroke(new BasicStroke(2.5f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        Path2D path = new Path2D.Double();
        for (int i = 0; i < xs.length; i++) {
            if (i == 0) {
                path.moveTo(xs[i], ys[i]);
            } else {
                path.lineTo(xs[i], ys[i]);
            }
        }
        graphics.draw(path);
    }

    @Override
    public void mark(double x, double y, double radius, int color, boolean diamond) {
        graphics.setColor(new Color(color));
        if (diamond) {
            double r = radius * 1.3;
            Path2D path = new Path2D.Double();
            path.moveTo(x, y - r);
            path.lineTo(x + r, y);
            path.lineTo(x, y + r);
            path.lineTo(x - r, y);
            path.closePath();
            graphics.fill(path);
        } else {
            graphics.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
        }
    }

    @Override
    public void text(String text, double x, double y, Font font) {
        java.awt.Font awt = new java.awt.Font(
                java.awt.Font.SANS_SERIF, font.bold() ? java.awt.Font.BOLD : java.awt.Font.PLAIN, font.size());
        GlyphVector glyphs = awt.createGlyphVector(graphics.getFontRenderContext(), text);
        double width = glyphs.getLogicalBounds().getWidth();
        double shift =
                switch (font.anchor()) {
                    case START -> 0;
                    case MIDDLE -> -width / 2;
                    case END -> -width;
                };
        AffineTransform place = AffineTransform.getTranslateInstance(x, y);
        if (font.upward()) {
            place.rotate(-Math.PI / 2);
        }
        place.translate(shift, 0);
        Shape outline = place.createTransformedShape(glyphs.getOutline());
        graphics.setColor(Color.WHITE);
        graphics.setStroke(new BasicStroke(3, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(outline);
        graphics.setColor(new Color(font.color()));
        graphics.fill(outline);
    }

    @Override
    public void save(Path withoutEnding) throws IOException {
        graphics.dispose();
        ImageIO.write(image, "png", Path.of(withoutEnding + ".png").toFile());
    }
}
