package io.hermes.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Tells what an app has left in its working directory. */
final class FileDigests {

    /** Made by Hermes itself. */
    private static final Set<String> OURS = Set.of(".hermes-app", "output.log", "pid");

    private FileDigests() {}

    /** Names, relative to the directory, with digests; what cannot be read has the reason instead. */
    static Map<String, String> of(Path directory) {
        Map<String, String> digests = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(directory)) {
            tree.filter(Files::isRegularFile).forEach(file -> {
                String name = directory.relativize(file).toString();
                if (!OURS.contains(name)) {
                    digests.put(name, digest(file));
                }
            });
        } catch (IOException | UncheckedIOException e) {
            digests.put("(directory)", String.valueOf(e.getMessage()));
        }
        return digests;
    }

    /** Names of files that are not the same in both. */
    static List<String> differing(Map<String, String> left, Map<String, String> right) {
        Set<String> names = new TreeSet<>(left.keySet());
        names.addAll(right.keySet());
        return names.stream()
                .filter(name -> !left.getOrDefault(name, "none").equals(right.getOrDefault(name, "none")))
                .toList();
    }

    private static String digest(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            byte[] block = new byte[1 << 16];
            for (int count = in.read(block); count >= 0; count = in.read(block)) {
                sha.update(block, 0, count);
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (IOException e) {
            return "unreadable: " + e.getMessage();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
