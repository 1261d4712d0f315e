package io.hermes.log.embedded;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The class path of this process, for its children. */
public final class ChildClassPath {

    private ChildClassPath() {}

    /**
     * The whole.
     *
     * @return what Kafka's broker needs, which touches log4j's API
     */
    public static String whole() {
        return System.getProperty("java.class.path");
    }

    /**
     * Without log4j's API, at whose sight BookKeeper's logging wants log4j itself.
     *
     * @return what bookies need, and everything that uses BookKeeper's client
     */
    public static String withoutLog4j() {
        return Arrays.stream(whole().split(Pattern.quote(File.pathSeparator), -1))
                .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("log4j-"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
