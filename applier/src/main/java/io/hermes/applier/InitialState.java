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
 * The files that every copy of an adopted service begins with: a folder, the same beside each replica. Its digest goes into the
 * log, so that a replica with other files is told rather than left to diverge.
 */
public final class InitialState {

    private final Path folder;
    private final String digest;

    private InitialState(Path folder, String digest) {
        this.folder = folder;
        this.digest = digest;
    }

    /**
     * Reads all files of a folder once.
     *
     * @param folder of files and folders; links are refused
     * @return the initial state
     * @throws IOException if the folder cannot be read
     */
    public static InitialState of(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException("app.initial-state: " + folder + " is not a folder");
        }
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
        return new InitialState(folder, HexFormat.of().formatHex(sha.digest()));
    }

    /**
     * What tells this state from every other.
     *
     * @return SHA-256 of names and contents, in hexadecimal
     */
    public String digest() {
        return digest;
    }

    void copyTo(Path target) throws IOException {
        for (Path file : files(folder)) {
            Path copy = target.resolve(folder.relativize(file).toString());
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
