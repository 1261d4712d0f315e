package io.hermes.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** The product's classes, without tests. */
final class Code {

    static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.hermes");

    private Code() {}

    static JavaClasses planted(String name) {
        return new ClassFileImporter().importPackages("io.hermes.architecture.planted." + name);
    }
}
