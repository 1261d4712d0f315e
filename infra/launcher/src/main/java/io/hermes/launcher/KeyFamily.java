package io.hermes.launcher;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Keys that begin alike and go on with a setting of somebody else's client, whose names are not listed here.
 *
 * @param prefix ends with a dot
 * @param meaning one line for {@code --help} and the documentation
 * @param inEnvironment whether those names have lower-case words with dots between them only, so that a variable's name says
 *     which key is meant
 */
record KeyFamily(String prefix, String meaning, boolean inEnvironment) {

    /** Lower-case words with dots between them, as all of Kafka's settings are. */
    private static final Pattern WORDS = Pattern.compile("[a-z0-9]+(\\.[a-z0-9]+)*");

    /** What Kubernetes and Docker set by themselves for a service or a linked container whose name begins like the family. */
    private static final Pattern SERVICE_LINK = Pattern.compile(
            ".*_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)");

    /** Whether a key is one of the family. */
    boolean holds(String key) {
        return key.startsWith(prefix);
    }

    /** Whether an environment variable is meant for this family. */
    boolean claims(String variable) {
        return variable.startsWith(environmentPrefix())
                && !SERVICE_LINK.matcher(variable).matches();
    }

    /**
     * The key that a variable of this family stands for.
     *
     * @throws ConfigException naming the variable if its name does not say which key is meant
     */
    String keyOf(String variable) {
        String rest = variable.substring(environmentPrefix().length())
                .replace('_', '.')
                .toLowerCase(Locale.ROOT);
        if (!inEnvironment) {
            throw new ConfigException("environment variable " + variable + " cannot stand for a key " + prefix
                    + "…, whose upper and lower case it does not tell: write the key into the file, or use --set");
        }
        if (!WORDS.matcher(rest).matches()) {
            throw new ConfigException("environment variable " + variable + " stands for no key " + prefix
                    + "…: wanted words with one _ between them, such as " + environmentPrefix() + "SECURITY_PROTOCOL");
        }
        return prefix + rest;
    }

    private String environmentPrefix() {
        return "HERMES_" + prefix.toUpperCase(Locale.ROOT).replace('.', '_');
    }
}
