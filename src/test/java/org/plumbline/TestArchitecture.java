package org.plumbline;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The arrows between packages: stages stand on the floor, and know each other through tables. */
@AnalyzeClasses(packages = "org.plumbline", importOptions = ImportOption.DoNotIncludeTests.class)
class TestArchitecture {
  private static final String ROOT = "org.plumbline";
  private static final Set<String> STAGES =
      Set.of(
          "feedback",
          "curate",
          "planning",
          "tokens",
          "sft",
          "reward",
          "prefer",
          "rollout",
          "policy",
          "evaluate",
          "report",
          "quickstart");
  private static final Set<String> FLOOR =
      Set.of(
          "objective",
          "agreement",
          "conformance",
          "direct",
          "train",
          "model",
          "chat",
          "cluster",
          "checkpoint",
          "table",
          "config",
          "stage",
          "judge");

  @ArchTest
  static final ArchRule stagesKnowEachOtherThroughTables =
      classes()
          .that(resideInAnyPackage(packages(STAGES)))
          .should(dependOnNoOtherStage())
          .allowEmptyShould(true)
          .because("every arrow is a table or a checkpoint; only policy drives rollout");

  @ArchTest
  static final ArchRule theFloorKnowsNoStage =
      noClasses()
          .that(resideInAnyPackage(packages(FLOOR)))
          .should()
          .dependOnClassesThat(resideInAnyPackage(packages(STAGES)))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule nobodyKnowsTheCommandLine =
      noClasses()
          .that(not(resideInAPackage(ROOT)))
          .should()
          .dependOnClassesThat(resideInAPackage(ROOT))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule objectivesKnowArraysOnly =
      classes()
          .that()
          .resideInAPackage(ROOT + ".objective..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(ROOT + ".objective..", "ai.djl.ndarray..", "java..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule numbersOutliveWhatAutogradKeeps =
      noClasses()
          .that()
          .doNotHaveSimpleName("OuterStep") // it takes no gradient
          .should(
              callWithANumber("mul", "muli", "div", "divi", "pow", "powi", "minimum", "maximum"))
          .because("the way back reads the number, whose memory is gone (see objective.Scalar)");

  @ArchTest
  static final ArchRule arraysAreWhereTheTaskComputes =
      noClasses()
          .that()
          .doNotHaveSimpleName("Devices")
          .should()
          .callMethodWhere(
              target(nameMatching("newBaseManager"))
                  .and(target(owner(assignableTo("ai.djl.ndarray.NDManager")))))
          .because("DJL by itself takes the first GPU of the host, whoever it was given to");

  @ArchTest
  static final ArchRule reportReadsTablesAndResultsOnly =
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".report..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "ai.djl..",
                  ROOT + ".model..",
                  ROOT + ".train..",
                  ROOT + ".objective..",
                  ROOT + ".cluster.."))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule tablesSettingsAndJudgesStandAlone =
      noClasses()
          .that()
          .resideInAnyPackage(ROOT + ".table..", ROOT + ".config..", ROOT + ".judge..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "ai.djl..",
                  ROOT + ".model..",
                  ROOT + ".train..",
                  ROOT + ".objective..",
                  ROOT + ".cluster..",
                  ROOT + ".checkpoint..",
                  ROOT + ".stage.."));

  @ArchTest
  static final ArchRule namesSayWhatAClassIs =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameContaining("Common");

  @Test
  void everyPackageSaysWhatItReadsAndWrites() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      List<Path> folders =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .map(Path::getParent)
              .distinct()
              .toList();

      assertThat(folders)
          .isNotEmpty()
          .allSatisfy(
              folder ->
                  assertThat(Files.readString(folder.resolve("package-info.java")))
                      .startsWith("/**"));
    }
  }

  @Test
  void everyPackageIsAStageOrOnTheFloor() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/main/java/org/plumbline"))) {
      assertThat(files.filter(Files::isDirectory).map(folder -> folder.getFileName().toString()))
          .allMatch(name -> STAGES.contains(name) || FLOOR.contains(name));
    }
  }

  private static ArchCondition<JavaClass> callWithANumber(String... methods) {
    return Stream.of(methods)
        .map(method -> ArchConditions.callMethod(NDArray.class, method, Number.class))
        .reduce(ArchCondition::or)
        .orElseThrow();
  }

  private static String[] packages(Set<String> names) {
    return names.stream().map(name -> ROOT + "." + name + "..").toArray(String[]::new);
  }

  private static ArchCondition<JavaClass> dependOnNoOtherStage() {
    return new ArchCondition<>("depend on no other stage") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        String from = stage(item);
        item.getDirectDependenciesFromSelf().stream()
            .filter(dependency -> !allowed(from, stage(dependency.getTargetClass())))
            .forEach(
                dependency ->
                    events.add(SimpleConditionEvent.violated(item, dependency.getDescription())));
      }
    };
  }

  private static boolean allowed(String from, String to) {
    return !STAGES.contains(to)
        || from.equals(to)
        || (from.equals("policy") && to.equals("rollout"));
  }

  /** The part of the package name that follows the root; empty outside of it. */
  private static String stage(JavaClass javaClass) {
    String name = javaClass.getPackageName();
    return name.startsWith(ROOT + ".") ? name.substring(ROOT.length() + 1).split("\\.", -1)[0] : "";
  }
}
