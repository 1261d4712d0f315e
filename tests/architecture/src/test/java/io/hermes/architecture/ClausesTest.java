package io.hermes.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.hermes.log.tck.BulletinContract;
import io.hermes.log.tck.Clause;
import io.hermes.log.tck.LogContract;
import io.hermes.log.tck.ReplyBusContract;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A clause without a test is a wish; a test without a clause is a surprise. */
class ClausesTest {

    private static final Pattern CLAUSE = Pattern.compile("<b>([LRB][0-9]+)</b>");

    @Test
    void everyClauseHasATest() {
        assertThat(tested()).containsAll(written());
    }

    @Test
    void everyCitedClauseIsWritten() {
        assertThat(written()).containsAll(tested());
    }

    @Test
    void everyContractTestCitesAClause() {
        assertThat(contractTests()).isNotEmpty().allSatisfy(test -> assertThat(test.getAnnotation(Clause.class))
                .as(test.getName())
                .isNotNull());
    }

    private static Set<String> written() {
        Set<String> clauses = new TreeSet<>();
        Repository.files(".java").stream()
                .filter(file -> file.toString().contains("infra/log-api/src/main"))
                .forEach(file -> {
                    Matcher matcher = CLAUSE.matcher(Repository.read(file));
                    while (matcher.find()) {
                        clauses.add(matcher.group(1));
                    }
                });
        assertThat(clauses).isNotEmpty();
        return clauses;
    }

    private static Set<String> tested() {
        Set<String> clauses = new TreeSet<>();
        contractTests().forEach(test -> {
            Clause clause = test.getAnnotation(Clause.class);
            if (clause != null) {
                clauses.addAll(Arrays.asList(clause.value()));
            }
        });
        return clauses;
    }

    private static List<Method> contractTests() {
        return Stream.<Class<?>>of(LogContract.class, ReplyBusContract.class, BulletinContract.class)
                .flatMap(contract -> Stream.of(contract.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Test.class))
                .toList();
    }
}
