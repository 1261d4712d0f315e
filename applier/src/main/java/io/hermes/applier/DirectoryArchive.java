package io.hermes.applier;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files below a folder as one stream of bytes: folders, regular files with permissions and times, and links that stay below
 * the folder. Anything else is refused rather than left out. Owners are not kept.
 */
final class DirectoryArchive {

    private static final byte[] MAGIC = "hermes-directory 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int BUFFER_BYTES = 1 << 16;
    private static final char FOLDER = 'd';
    private static final char FILE = 'f';
    private static final char LINK = 'l';
    private static final char END = 'e';

    private DirectoryArchive() {}

    /** What a file looked like; of a file that is left alone it does not change. */
    private record Seen(String kind, long bytes, FileTime modified) {}

    /**
     * Writes all files of a folder.
     *
     * @param root the folder
     * @param except names directly below it that are left out
     * @param archive a new file
     * @throws IOException if something cannot be read, is neither folder, file nor inner link, or changed meanwhile
     */
    static void write(Path root, Set<String> except, Path archive) throws IOException {
        Map<Path, Seen> before = look(root, except);
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(
                Files.newOutputStream(archive, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                BUFFER_BYTES))) {
            out.write(MAGIC);
            for (Map.Entry<Path, Seen> each : before.entrySet()) {
                write(root, each.getKey(), each.getValue(), out);
            }
            out.writeByte(END);
            out.writeInt(before.size());
        } catch (NoSuchFileException e) {
            throw new IOException(e.getFile() + " vanished while it was copied", e);
        }
        Map<Path, Seen> after = look(root, except);
        if (!before.equals(after)) {
            throw new IOException(
                    firstDifference(before, after) + " changed while it was copied, though no request was being"
                            + " executed: let snapshot.directory name the part that only requests change");
        }
    }

    /**
     * Makes the files again.
     *
     * @param archive as written
     * @param root exists, and holds none of them
     * @param except names directly below it that must not come
     * @param durably whether everything is flushed to disk
     * @throws IOException if the archive is damaged or wants to write anywhere else; some files may have been made
     */
    static void read(Path archive, Path root, Set<String> except, boolean durably) throws IOException {
        Map<Path, Set<PosixFilePermission>> folders = new LinkedHashMap<>();
        Map<Path, Path> links = new LinkedHashMap<>();
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(archive), BUFFER_BYTES))) {
            if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
                throw new IOException(archive + " is not an archive of a directory");
            }
            int count = 0;
            for (char kind = (char) in.readByte(); kind != END; kind = (char) in.readByte()) {
                Path target = inside(root, in.readUTF(), except);
                count++;
                switch (kind) {
                    case FOLDER -> {
                        Files.createDirectory(target);
                        folders.put(target, permissions(in.readUTF()));
                    }
                    case FILE -> readFile(in, target, durably);
                    case LINK -> links.put(target, innerLink(root, target, Path.of(in.readUTF())));
                    default -> throw new IOException("an entry of unknown kind " + (int) kind);
                }
            }
            if (in.readInt() != count || in.read() >= 0) {
                throw new IOException(archive + " does not end where it should");
            }
        } catch (EOFException e) {
            throw new IOException(archive + " ends too early", e);
        } catch (IllegalArgumentException e) {
            throw new IOException(archive + " is damaged: " + e.getMessage(), e);
        }
        // Links come last, so that no file is written through one; permissions likewise, so that all could be written.
        for (Map.Entry<Path, Path> link : links.entrySet()) {
            Files.createSymbolicLink(link.getKey(), link.getValue());
        }
        for (Map.Entry<Path, Set<PosixFilePermission>> folder : folders.entrySet()) {
            if (durably) {
                force(folder.getKey());
            }
            Files.setPosixFilePermissions(folder.getKey(), folder.getValue());
        }
    }

    private static Map<Path, Seen> look(Path root, Set<String> except) throws IOException {
        Map<Path, Seen> seen = new TreeMap<>();
        for (Path file : tree(root)) {
            Path name = root.relativize(file);
            if (file.equals(root) || except.contains(name.getName(0).toString())) {
                continue;
            }
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (now.isDirectory()) {
                seen.put(name, new Seen("folder", 0, FileTime.fromMillis(0)));
            } else if (now.isSymbolicLink()) {
                seen.put(name, new Seen("link " + Files.readSymbolicLink(file), 0, FileTime.fromMillis(0)));
            } else if (now.isRegularFile()) {
                seen.put(name, new Seen("file", now.size(), now.lastModifiedTime()));
            } else {
                throw new IOException(file + " is neither a file nor a folder nor a link, and cannot be in a snapshot");
            }
        }
        return seen;
    }

    private static List<Path> tree(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root, new FileVisitOption[0])) {
            return new ArrayList<>(tree.toList());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void write(Path root, Path name, Seen seen, DataOutputStream out) throws IOException {
        Path file = root.resolve(name);
        if (seen.kind().equals("folder")) {
            out.writeByte(FOLDER);
            out.writeUTF(name.toString());
            out.writeUTF(permissions(file));
        } else if (seen.kind().equals("file")) {
            out.writeByte(FILE);
            out.writeUTF(name.toString());
            out.writeUTF(permissions(file));
            out.writeLong(seen.modified().toMillis());
            out.writeLong(seen.bytes());
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                copy(in, out, seen.bytes(), file);
            }
        } else {
            Path target = innerLink(root, file, Files.readSymbolicLink(file));
            out.writeByte(LINK);
            out.writeUTF(name.toString());
            out.writeUTF(target.toString());
        }
    }

    /** On disk as well: an app that keeps its state must find it there after the machine has died. */
    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void readFile(DataInputStream in, Path target, boolean durably) throws IOException {
        Set<PosixFilePermission> permissions = permissions(in.readUTF());
        FileTime modified = FileTime.fromMillis(in.readLong());
        long bytes = in.readLong();
        try (OutputStream out =
                Files.newOutputStream(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            copy(in, out, bytes, target);
        }
        if (durably) {
            force(target);
        }
        Files.setLastModifiedTime(target, modified);
        Files.setPosixFilePermissions(target, permissions);
    }

    private static void copy(InputStream in, OutputStream out, long bytes, Path file) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (long left = bytes; left > 0; ) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                throw new IOException(file + " is shorter than it was said to be, by " + left + " bytes");
            }
            out.write(buffer, 0, count);
            left -= count;
        }
    }

    /** Where an entry goes: below the root, whatever its name says. */
    private static Path inside(Path root, String name, Set<String> except) throws IOException {
        Path relative = Path.of(name);
        Path target = root.resolve(relative).normalize();
        boolean plain = !name.isEmpty() && !relative.isAbsolute() && relative.equals(relative.normalize());
        if (!plain || target.equals(root.normalize()) || !target.startsWith(root.normalize())) {
            throw new IOException("an entry wants to be at '" + name + "', outside of " + root);
        }
        if (except.contains(relative.getName(0).toString())) {
            throw new IOException("an entry wants to be at '" + name + "', which is Hermes's own");
        }
        return target;
    }

    private static Path innerLink(Path root, Path link, Path target) throws IOException {
        Path parent = link.getParent();
        Path leads = parent == null ? target : parent.resolve(target).normalize();
        if (target.isAbsolute() || !leads.startsWith(root.normalize())) {
            throw new IOException(
                    "the link " + link + " leads out of " + root + ", to " + target + ", and cannot be in a snapshot");
        }
        return target;
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(
                Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .permissions());
    }

    private static Set<PosixFilePermission> permissions(String text) {
        return PosixFilePermissions.fromString(text);
    }

    private static Path firstDifference(Map<Path, Seen> before, Map<Path, Seen> after) {
        for (Map.Entry<Path, Seen> each : before.entrySet()) {
            if (!each.getValue().equals(after.get(each.getKey()))) {
                return each.getKey();
            }
        }
        return after.keySet().stream()
                .filter(file -> !before.containsKey(file))
                .findFirst()
                .orElseThrow();
    }
}
