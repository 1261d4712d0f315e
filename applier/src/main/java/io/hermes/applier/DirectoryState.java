package io.hermes.applier;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** The app's state is its files: everything that it has answered must have been written to them. */
final class DirectoryState implements AppState {

    private final AppDirectory directory;
    private final Path root;
    private final Set<String> except;
    private final boolean durably;

    /**
     * Makes one.
     *
     * @param directory the app's
     * @param folder the part of it that is copied; empty for all but Hermes's own files
     * @param durably whether what is brought back is flushed to disk before the app is started
     */
    DirectoryState(Path directory, String folder, boolean durably) {
        this.directory = new AppDirectory(directory);
        this.root = folder.isEmpty() ? directory : directory.resolve(folder).normalize();
        this.durably = durably;
        this.except = root.equals(directory) ? AppDirectory.OURS : Set.of();
    }

    @Override
    public void save(Path file) throws IOException {
        DirectoryArchive.write(root, except, file);
    }

    @Override
    public boolean replacesDirectory() {
        return !except.isEmpty();
    }

    @Override
    public boolean isEmpty() {
        try {
            return directory.isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void restoreBeforeStart(Path file) throws IOException {
        if (!replacesDirectory() && Files.exists(root)) {
            AppDirectory.remove(root);
        }
        Files.createDirectories(root);
        DirectoryArchive.read(file, root, except, durably);
    }
}
