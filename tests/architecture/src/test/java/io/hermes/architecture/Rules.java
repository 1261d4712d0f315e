package io.hermes.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;

/** The rules of the house style that code can break, each pointed at packages by its caller, so that it can be tested too. */
final class Rules {

    private static final Set<String> CLOCKS_AND_CHANCE = Set.of(
            "java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis",
            "java.time.Instant.now",
            "java.util.UUID.randomUUID",
            "java.util.concurrent.ThreadLocalRandom.current",
            "java.util.Random.<init>",
            "java.security.SecureRandom.<init>");

    private static final List<String> EMPTY_WORDS =
            List.of("Manager", "Helper", "Util", "Utils", "Impl", "Base", "Info", "Data");

    private Rules() {}

    /** A module sees only these packages of ours. */
    static ArchRule seesOnly(String from, String... allowed) {
        DescribedPredicate<JavaClass> other = new DescribedPredicate<>("other packages of ours") {
            @Override
            public boolean test(JavaClass type) {
                String seen = type.getPackageName();
                boolean ours = seen.startsWith("io.hermes.");
                return ours && !within(seen, from) && List.of(allowed).stream().noneMatch(name -> within(seen, name));
            }
        };
        return noClasses()
                .that(resideWithin(from))
                .should()
                .dependOnClassesThat(other)
                .because("STYLE section 1 lists what " + from + " may see");
    }

    /** A library is known in these packages only. */
    static ArchRule libraryOnlyIn(String library, String... packages) {
        return noClasses()
                .that(resideOutside(packages))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library + "..")
                .because("broker and wire types end where they are adapted");
    }

    /** Time, randomness and ids are parameters elsewhere. */
    static ArchRule clocksOnlyIn(String... packages) {
        return noClasses()
                .that(resideOutside(packages))
                .should(readAClock())
                .because("whatever decides order or state never reads a clock or a random number");
    }

    /** Names say something. */
    static ArchRule telling() {
        return classes().should(haveTellingNames()).allowEmptyShould(true);
    }

    /** Getters carry no get. */
    static ArchRule noGetters() {
        return methods()
                .that()
                .haveNameMatching("get[A-Z].*")
                .should(overrideALibrarysMethod())
                .allowEmptyShould(true);
    }

    private static boolean within(String name, String root) {
        // A module's root ends where another module's begins: io.hermes.log is not io.hermes.log.kafka.
        return name.equals(root) || (name.startsWith(root + ".") && !root.equals("io.hermes.log"));
    }

    private static DescribedPredicate<JavaClass> resideWithin(String root) {
        return new DescribedPredicate<>("reside in " + root) {
            @Override
            public boolean test(JavaClass type) {
                return within(type.getPackageName(), root);
            }
        };
    }

    private static DescribedPredicate<JavaClass> resideOutside(String... roots) {
        return new DescribedPredicate<>("reside outside " + List.of(roots)) {
            @Override
            public boolean test(JavaClass type) {
                return List.of(roots).stream().noneMatch(root -> within(type.getPackageName(), root));
            }
        };
    }

    private static ArchCondition<JavaClass> readAClock() {
        return new ArchCondition<>("read a clock or a random number") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getAccessesFromSelf().forEach(access -> report(access, events));
                type.getMethodReferencesFromSelf().forEach(access -> report(access, events));
                type.getConstructorReferencesFromSelf().forEach(access -> report(access, events));
            }

            private void report(JavaAccess<?> access, ConditionEvents events) {
                String target = access.getTargetOwner().getName() + "." + access.getName();
                if (CLOCKS_AND_CHANCE.contains(target)) {
                    events.add(SimpleConditionEvent.satisfied(access, access.getDescription()));
                }
            }
        };
    }

    private static ArchCondition<JavaClass> haveTellingNames() {
        return new ArchCondition<>("have names that say something") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                String name = type.getSimpleName();
                EMPTY_WORDS.stream()
                        .filter(name::endsWith)
                        .forEach(word ->
                                events.add(SimpleConditionEvent.violated(type, type.getName() + " ends in " + word)));
            }
        };
    }

    private static ArchCondition<JavaMethod> overrideALibrarysMethod() {
        return new ArchCondition<>("override a library's method") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                boolean generated = method.getOwner().getPackageName().startsWith("io.hermes.proto.wire");
                boolean overrides = method.getOwner().getAllRawSuperclasses().stream()
                                .anyMatch(type -> declares(type, method))
                        || method.getOwner().getAllRawInterfaces().stream().anyMatch(type -> declares(type, method));
                if (!generated && !overrides) {
                    events.add(SimpleConditionEvent.violated(method, method.getFullName() + " carries 'get'"));
                }
            }

            private boolean declares(JavaClass type, JavaMethod method) {
                return !type.getPackageName().startsWith("io.hermes")
                        && type.getMethods().stream()
                                .anyMatch(other -> other.getName().equals(method.getName()));
            }
        };
    }
}
