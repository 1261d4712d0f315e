package io.hermes.applier;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * What every copy of a service begins with, the same beside each replica: a folder of the files of an adopted service, or one file with
 * its state as {@code snapshot.via} took it. The digest goes into the log, so that a replica with another state is told rather than
 * left to diverge.
 */
public final class InitialState {

    private final Path path;
    private final boolean snapshot;
    private final String digest;

    private InitialState(Path path, boolean snapshot, String digest) {
        this.path = path;
        this.snapshot = snapshot;
        this.digest = digest;
    }

    /**
     * Reads all files once.
     *
     * @param path a folder of files and folders, in which links are refused; or a file of a snapshot
     * @return the initial state
     * @throws IOException if it cannot be read
     */
    public static InitialState of(Path path) throws IOException {
        if (Files.isRegularFile(path)) {
            // The digest of a folder is of lines, each with the name of a file.
            return new InitialState(path, true, "snapshot-" + Digests.ofFile(path));
        }
        if (!Files.isDirectory(path)) {
            throw new IOException("app.initial-state: " + path + " is neither a folder nor the file of a snapshot");
        }
        return new InitialState(path, false, digestOfFolder(path));
    }

    private static String digestOfFolder(Path folder) throws IOException {
        MessageDigest sha = Digests.sha256();
        byte[] buffer = new byte[1 << 16];
        for (Path file : files(folder)) {
            if (Files.isSymbolicLink(file)) {
                throw new IOException("app.initial-state: " + file + " is a link, and links may lead elsewhere on each"
                        + " machine: copy what it points to");
            }
            boolean isFolder = Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
            String name = folder.relativize(file) + (isFolder ? "/" : " " + Files.size(file)) + "\n";
            sha.update(name.getBytes(StandardCharsets.UTF_8));
            if (!isFolder) {
                try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha)) {
                    while (in.read(buffer) >= 0) {
                        // Only the digest counts.
                    }
                }
            }
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    /**
     * What tells this state from every other.
     *
     * @return made of the SHA-256 of names and contents
     */
    public String digest() {
        return digest;
    }

    /** Whether it is one file of a snapshot, which is brought back as a snapshot is. */
    boolean isOfSnapshot() {
        return snapshot;
    }

    Path path() {
        return path;
    }

    void copyTo(Path target) throws IOException {
        for (Path file : files(path)) {
            Path copy = target.resolve(path.relativize(file).toString());
            if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(copy);
            } else {
                Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(file -> !file.equals(folder)).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
