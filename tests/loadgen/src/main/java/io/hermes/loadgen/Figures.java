package io.hermes.loadgen;

import java.util.Locale;

/** Numbers as people read them: about three digits. */
final class Figures {

    private Figures() {}

    /** Nanoseconds as milliseconds, with the unit. */
    static String millis(long nanos) {
        return threeDigits(nanos / 1e6) + " ms";
    }

    static String threeDigits(double number) {
        double size = Math.abs(number);
        String format =
                size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : size >= 0.1 ? "%.3f" : "%.4f";
        return String.format(Locale.ROOT, format, number);
    }
}
