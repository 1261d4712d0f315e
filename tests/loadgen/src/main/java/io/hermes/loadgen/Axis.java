package io.hermes.loadgen;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One axis of a picture.
 *
 * @param title with its unit
 * @param min at its beginning
 * @param max at its end
 * @param logarithmic whether equal lengths are equal ratios
 */
record Axis(String title, double min, double max, boolean logarithmic) {

    private static final int TICKS = 6;

    Axis {
        if (!(max > min) || (logarithmic && !(min > 0))) {
            throw new IllegalArgumentException("axis from " + min + " to " + max);
        }
    }

    /** From 0 to a little above the largest. */
    static Axis linear(String title, double largest) {
        double max = largest > 0 ? largest * 1.08 : 1;
        return new Axis(title, 0, max, false);
    }

    /** From a little below the smallest, which is more than 0, to a little above the largest. */
    static Axis logarithmic(String title, double smallest, double largest) {
        double margin = Math.pow(largest / smallest, 0.07) * 1.05;
        return new Axis(title, smallest / margin, largest * margin, true);
    }

    /** Where a value is, from 0 to 1. */
    double place(double value) {
        return logarithmic ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
    }

    /** Values that are written at the axis. */
    List<Double> ticks() {
        return logarithmic ? logarithmicTicks() : linearTicks();
    }

    static String label(double value) {
        double size = Math.abs(value);
        if (size >= 1 && Math.rint(value) == value) {
            return String.format(Locale.ROOT, "%,d", (long) value);
        }
        String text = String.format(Locale.ROOT, "%.6f", value);
        return text.replaceAll("\\.?0+$", "").replaceAll("^-?$", "0");
    }

    private List<Double> linearTicks() {
        double rough = (max - min) / TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = power * (rough / power < 1.5 ? 1 : rough / power < 3.5 ? 2 : rough / power < 7.5 ? 5 : 10);
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(min / step); i * step <= max; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    private List<Double> logarithmicTicks() {
        double decades = Math.log10(max / min);
        int[] digits = decades > 3 ? new int[] {1} : decades > 1.2 ? new int[] {1, 2, 5} : new int[] {1, 2, 3, 5, 7};
        List<Double> ticks = new ArrayList<>();
        for (int exponent = (int) Math.floor(Math.log10(min)); exponent <= Math.log10(max); exponent++) {
            for (int digit : digits) {
                // Divided where it is a fraction, so that 0.1 is 0.1.
                double value = exponent < 0 ? digit / Math.pow(10, -exponent) : digit * Math.pow(10, exponent);
                if (value >= min && value <= max) {
                    ticks.add(value);
                }
            }
        }
        return ticks;
    }
}
