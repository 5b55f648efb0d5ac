package io.retort;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

/** Holds what docs/architecture.md says about who may use what. */
@AnalyzeClasses(packages = "io.retort", importOptions = ImportOption.DoNotIncludeTests.class)
class StructureTest {

  @Test
  void modulesUseOnlyWhatTheyDeclare() {
    ApplicationModules.of(RetortApplication.class).verify();
  }

  /** package-info may carry Modulith's annotation. */
  private static final DescribedPredicate<JavaClass> CODE =
      DescribedPredicate.describe("code", c -> !c.getSimpleName().equals("package-info"));

  @ArchTest
  static final ArchRule THE_ENGINE_IS_FREE_OF_SPRING =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.retort.spec..",
              "io.retort.outgoing..",
              "io.retort.dataset..",
              "io.retort.model..",
              "io.retort.teacher..",
              "io.retort.targets..",
              "io.retort.neighbours..",
              "io.retort.kernel..",
              "io.retort.plan..",
              "io.retort.training..",
              "io.retort.onnx..",
              "io.retort.evaluation..",
              "io.retort.pipeline..")
          .and(CODE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.springframework..");

  @ArchTest
  static final ArchRule ND4J_STAYS_IN_FIVE_PACKAGES =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.retort.kernel..",
              "io.retort.model..",
              "io.retort.plan..",
              "io.retort.teacher..",
              "io.retort.training..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.nd4j..", "org.deeplearning4j..", "org.bytedeco..");

  /** It deserialises Java objects from the file, whoever that comes from. */
  @ArchTest
  static final ArchRule NOBODY_RESTORES_DL4J_FILES_BLINDLY =
      noClasses()
          .should()
          .accessTargetWhere(
              DescribedPredicate.<JavaAccess<?>>describe(
                  "ModelSerializer.restore*",
                  access ->
                      access.getTargetOwner().getSimpleName().equals("ModelSerializer")
                          && access.getName().startsWith("restore")));
}
