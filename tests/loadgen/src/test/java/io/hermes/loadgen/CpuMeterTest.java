package io.hermes.loadgen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuMeterTest {

    @TempDir
    Path temp = Path.of("");

    @Test
    void statLineIsReadWhateverTheNameIs() {
        String stat = "42 (a) b (c) S 1 42 42 0 -1 4194560 100 0 0 0 17 5 0 0 20 0 9 0 12345 1000 100 18446744";

        assertThat(ProcessSample.parse(42, stat)).contains(new ProcessSample(42, 12345, 22));
    }

    @Test
    void timeOfThisProcessGrowsAsItWorks() {
        CpuMeter meter = new CpuMeter(List.of());
        Map<String, Map<String, ProcessSample>> before = meter.read();
        long endNanos = System.nanoTime() + 10_000_000_000L;
        long used = 0;
        while (used < 50_000 && System.nanoTime() < endNanos) {
            used = CpuMeter.between(before, meter.read()).micros().getOrDefault(CpuMeter.GENERATOR, 0L);
        }

        assertThat(used).isBetween(50_000L, 5_000_000L);
    }

    @Test
    void groupsAddTheirProcesses() {
        CpuUse use = CpuMeter.between(
                Map.of("app", Map.of("a", sample(1, 10), "b", sample(2, 100))),
                Map.of("app", Map.of("a", sample(1, 14), "b", sample(2, 103))));

        assertThat(use.micros()).containsExactly(entry("app", 70_000L));
        assertThat(use.perRequest(7)).containsExactly(entry("app", 10_000.0));
        assertThat(use.notes()).isEmpty();
    }

    @Test
    void replacedProcessIsTold() {
        CpuUse use =
                CpuMeter.between(Map.of("app", Map.of("a", sample(1, 10))), Map.of("app", Map.of("a", sample(3, 4))));

        assertThat(use.micros()).containsExactly(entry("app", 40_000L));
        assertThat(use.notes()).singleElement().asString().contains("app: process 1 was replaced by 3");
    }

    @Test
    void processesOfTheDemoAreFoundByTheirPidFiles() throws IOException {
        for (String folder : List.of("broker-0", "ingress-0", "replica-0/applier", "replica-0/app", "replica-1/app")) {
            Path file = Files.createDirectories(temp.resolve(folder)).resolve("pid");
            Files.writeString(file, ProcessHandle.current().pid() + "\n");
        }

        assertThat(CpuGroup.ofDemo(temp))
                .extracting(group -> group.name() + " " + group.read().size())
                .containsExactly("broker 1", "ingress 1", "applier 1", "app 2");
    }

    @Test
    void groupWithoutAProcessIsRefused() {
        assertThatThrownBy(() -> CpuGroup.parse("app=" + temp.resolve("pid")))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("no running process");
    }

    private static ProcessSample sample(long pid, long ticks) {
        return new ProcessSample(pid, pid * 1000, ticks);
    }
}
