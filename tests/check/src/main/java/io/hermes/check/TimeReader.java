package io.hermes.check;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds times in texts: seconds, milli-, micro- and nanoseconds since 1970, dates with times as in ISO 8601, and times of the day. */
final class TimeReader {

    private static final Pattern NUMBER = Pattern.compile("(?<![0-9.])[0-9]{9,19}(?:\\.[0-9]{1,12})?(?![0-9])");
    private static final Pattern DATE_TIME = Pattern.compile(
            "([0-9]{4})-?([0-9]{2})-?([0-9]{2})[T ]?([0-9]{2}):?([0-9]{2}):?([0-9]{2})(?:[.,][0-9]+)?(Z|[+-][0-9]{2}:?[0-9]{2})?");
    private static final Pattern TIME = Pattern.compile("(?<![0-9])([0-9]{2}):([0-9]{2}):([0-9]{2})(?![0-9])");
    private static final long TOLERANCE_MILLIS = 2_000;
    private static final long DAY_SECONDS = 86_400;

    private final ZoneId zone;

    /**
     * Makes a reader.
     *
     * @param zone of times that do not name one; UTC is tried as well
     */
    TimeReader(ZoneId zone) {
        this.zone = zone;
    }

    /** Whether the text holds a time between two others, or two seconds beside them. */
    boolean tellsTimeBetween(String text, long fromMillis, long toMillis) {
        long from = fromMillis - TOLERANCE_MILLIS;
        long to = toMillis + TOLERANCE_MILLIS;
        return hasNumber(text, from, to) || hasDateTime(text, from, to) || hasTimeOfDay(text, from, to);
    }

    private static boolean hasNumber(String text, long from, long to) {
        Matcher matcher = NUMBER.matcher(text);
        while (matcher.find()) {
            BigDecimal value = new BigDecimal(matcher.group());
            for (int scale : List.of(3, 0, -3, -6)) {
                BigDecimal millis = value.scaleByPowerOfTen(scale);
                if (millis.compareTo(BigDecimal.valueOf(from)) >= 0 && millis.compareTo(BigDecimal.valueOf(to)) <= 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean hasDateTime(String text, long from, long to) {
        Matcher matcher = DATE_TIME.matcher(text);
        while (matcher.find()) {
            try {
                LocalDateTime time = LocalDateTime.of(
                        number(matcher, 1),
                        number(matcher, 2),
                        number(matcher, 3),
                        number(matcher, 4),
                        number(matcher, 5),
                        number(matcher, 6));
                String offset = matcher.group(7);
                List<ZoneId> zones = offset == null ? List.of(ZoneOffset.UTC, zone) : List.of(ZoneOffset.of(offset));
                for (ZoneId each : zones) {
                    long millis = time.atZone(each).toInstant().toEpochMilli();
                    if (millis + 999 >= from && millis <= to) {
                        return true;
                    }
                }
            } catch (DateTimeException e) {
                // Digits that are no date: the next ones may be.
            }
        }
        return false;
    }

    private boolean hasTimeOfDay(String text, long from, long to) {
        Matcher matcher = TIME.matcher(text);
        while (matcher.find()) {
            int hour = number(matcher, 1);
            int minute = number(matcher, 2);
            int second = number(matcher, 3);
            if (hour < 24 && minute < 60 && second < 60) {
                int told = LocalTime.of(hour, minute, second).toSecondOfDay();
                if (isInDay(told, from, to, ZoneOffset.UTC) || isInDay(told, from, to, zone)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isInDay(int told, long from, long to, ZoneId zone) {
        int begin = Instant.ofEpochMilli(from).atZone(zone).toLocalTime().toSecondOfDay();
        long seconds = (to - from) / 1_000 + 1;
        return Math.floorMod(told - begin, DAY_SECONDS) <= seconds;
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }
}
