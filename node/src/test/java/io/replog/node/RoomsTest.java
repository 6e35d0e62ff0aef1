package io.replog.node;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** The arrows between the rooms, as {@code ARCHITECTURE.md} has them. */
class RoomsTest {
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.replog");

    @Test
    void coreUsesNoOtherRoom() {
        room("core").mayNotUse("storage", "api", "node");
    }

    @Test
    void storageUsesTheCoreAlone() {
        room("storage").mayNotUse("api", "node");
        noClasses()
                .that()
                .resideInAPackage("io.replog.storage..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "tools.jackson..", "com.fasterxml..")
                .check(ALL);
    }

    @Test
    void apiUsesNoOtherRoom() {
        room("api").mayNotUse("core", "storage", "node");
    }

    @Test
    void controllersStandBeforeTheNarrowInterfaceNotBeforeTheReplica() {
        noClasses()
                .that()
                .resideInAnyPackage("io.replog.node.web..", "io.replog.node.text..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.replog.core.replica.Replica")
                .allowEmptyShould(true)
                .check(ALL);
    }

    /** The packages above these hold the settings and put the parts together, so they see both ways. */
    @Test
    void packagesHaveNoCycles() {
        for (String pattern :
                new String[] {"io.replog.node.(*)..", "io.replog.node.web.(*)..", "io.replog.api.(*).."}) {
            slices().matching(pattern)
                    .should()
                    .beFreeOfCycles()
                    .allowEmptyShould(true)
                    .check(ALL);
        }
    }

    private static Room room(String name) {
        return new Room(name);
    }

    private record Room(String name) {
        void mayNotUse(String... others) {
            for (String other : others) {
                ArchRule rule = noClasses()
                        .that()
                        .resideInAPackage("io.replog." + name + "..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("io.replog." + other + "..")
                        .allowEmptyShould(true);
                rule.check(ALL);
            }
        }
    }
}
