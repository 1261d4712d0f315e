package io.hermes.sandbox;

import java.nio.file.Path;
import java.util.List;

/**
 * What to run.
 *
 * @param backend {@code kafka} or {@code bookkeeper}
 * @param replicas how many copies of the service, 1 to 99
 * @param ingresses how many, 1 to 99
 * @param brokers how many, 1 to 9
 * @param port that the first ingress listens on; the others follow
 * @param adminPort of the first ingress; replica j's is this plus 100 plus j
 * @param directory where everything is kept
 * @param temporary whether the directory is removed at the end
 * @param files of configuration for all roles
 * @param overrides {@code key=value} for all roles
 * @param command of the app, with {@code {port}} and {@code {replica}}; empty for the sample log app
 * @param positionAware whether the sample app has to tell its position
 */
record SandboxConfig(
        String backend,
        int replicas,
        int ingresses,
        int brokers,
        int port,
        int adminPort,
        Path directory,
        boolean temporary,
        List<Path> files,
        List<String> overrides,
        List<String> command,
        boolean positionAware) {

    SandboxConfig {
        if (!backend.equals("kafka") && !backend.equals("bookkeeper")) {
            throw new SandboxException(2, "--backend is '" + backend + "', wanted kafka or bookkeeper");
        }
        require(replicas >= 1 && replicas <= 99, "--replicas", replicas, "1 to 99");
        require(ingresses >= 1 && ingresses <= 99, "--ingresses", ingresses, "1 to 99");
        require(brokers >= 1 && brokers <= 9, "--brokers", brokers, "1 to 9");
        require(port >= 1 && port + ingresses <= 65_536, "--port", port, "1 to 65535");
        require(adminPort >= 1 && adminPort + 100 + replicas <= 65_536, "--admin-port", adminPort, "1 to 65335");
        files = List.copyOf(files);
        overrides = List.copyOf(overrides);
        command = List.copyOf(command);
    }

    int ingressPort(int ingress) {
        return port + ingress;
    }

    int ingressAdminPort(int ingress) {
        return adminPort + ingress;
    }

    int replicaAdminPort(int replica) {
        return adminPort + 100 + replica;
    }

    Path ingressDirectory(int ingress) {
        return directory.resolve("ingress-" + ingress);
    }

    Path replicaDirectory(int replica) {
        return directory.resolve("replica-" + replica);
    }

    private static void require(boolean holds, String option, int value, String wanted) {
        if (!holds) {
            throw new SandboxException(2, option + " is " + value + ", wanted " + wanted);
        }
    }
}
