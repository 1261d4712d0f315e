package io.hermes.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the folders, the modules and the documents promise to a newcomer. */
class RepositoryTest {

    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?://|#)([^)#\\s]+)");

    @Test
    void onlyTheAgreedFoldersAreVisible() throws IOException {
        try (Stream<Path> entries = Files.list(Repository.ROOT)) {
            List<String> folders = entries.filter(Files::isDirectory)
                    .map(entry -> entry.getFileName().toString())
                    .filter(name -> !name.startsWith(".") && !name.equals("target"))
                    .toList();

            assertThat(folders)
                    .isNotEmpty()
                    .isSubsetOf("applier", "compose", "docs", "infra", "ingress", "k8s", "proto", "tests");
        }
    }

    @Test
    void everyModuleExplainsItself() {
        List<Path> modules = Repository.files("pom.xml").stream()
                .map(Path::getParent)
                .filter(module -> Files.isDirectory(module.resolve("src")))
                .toList();

        assertThat(modules).isNotEmpty().allSatisfy(module -> assertThat(module.resolve("DESIGN.md"))
                .exists());
    }

    @Test
    void everyPackageSaysWhatWouldBeMissing() {
        List<Path> packages = Repository.files(".java").stream()
                .filter(file -> file.toString().contains("/src/main/"))
                .map(Path::getParent)
                .distinct()
                .toList();

        assertThat(packages).isNotEmpty().allSatisfy(folder -> assertThat(folder.resolve("package-info.java"))
                .exists()
                .content()
                .contains("@NullMarked")
                .contains("/**"));
    }

    @Test
    void linksInDocumentsLeadSomewhere() {
        List<Path> documents = Repository.files(".md");

        assertThat(documents).isNotEmpty().allSatisfy(document -> {
            Matcher matcher = LINK.matcher(Repository.read(document));
            while (matcher.find()) {
                assertThat(document.resolveSibling(matcher.group(1)).normalize())
                        .as("link in " + document)
                        .exists();
            }
        });
    }

    @Test
    void everyConfigurationKeyIsDocumented() {
        String documented = Repository.read(Repository.ROOT.resolve("docs/configuration.md"));
        String keys =
                Repository.read(Repository.ROOT.resolve("infra/launcher/src/main/java/io/hermes/launcher/Keys.java"));
        Matcher matcher = Pattern.compile("\"([a-z]+\\.[a-z.-]*[a-z])\"").matcher(keys);
        int count = 0;
        while (matcher.find()) {
            count++;
            assertThat(documented).contains("`" + matcher.group(1) + "`");
        }
        assertThat(count).isGreaterThan(20);
    }

    @Test
    void everyFamilyOfKeysIsDocumented() {
        String documented = Repository.read(Repository.ROOT.resolve("docs/configuration.md"));
        String keys =
                Repository.read(Repository.ROOT.resolve("infra/launcher/src/main/java/io/hermes/launcher/Keys.java"));
        List<String> families = Pattern.compile("new KeyFamily\\(\\s*\"([a-z.]+)\"")
                .matcher(keys)
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(families).hasSize(3).allSatisfy(family -> assertThat(documented)
                .contains("| `" + family + "…` |"));
    }

    @Test
    void everyWordOfTheGlossaryIsAHeadwordOnce() {
        List<String> words = Repository.read(Repository.ROOT.resolve("docs/glossary.md"))
                .lines()
                .filter(line -> line.startsWith("| *"))
                .map(line -> line.substring(3, line.indexOf('*', 3)))
                .toList();

        assertThat(words)
                .contains("record", "position", "barrier", "incarnation")
                .doesNotHaveDuplicates();
    }
}
