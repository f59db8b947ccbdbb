package dev.chatlab.endtoend;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.have;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Random;
import java.util.UUID;

/** Who may know whom. */
@AnalyzeClasses(
        packages = {"dev.chatlab", "dev.samlocal"},
        importOptions = {DoNotIncludeTests.class, HexagonTest.DoNotIncludeTestJars.class})
class HexagonTest {

    /** The test kit is made of the domain's tests, which a packaged build has in a jar. */
    static final class DoNotIncludeTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    private static final String DOMAIN = "dev.chatlab.domain..";
    private static final String PORTS = "dev.chatlab.ports..";
    private static final String IN_MEMORY = "dev.chatlab.inmemory..";
    private static final String DYNAMO_DB = "dev.chatlab.dynamodb..";
    private static final String LAMBDA = "dev.chatlab.lambda..";
    private static final String LOCAL = "dev.samlocal..";

    /** Values and functions: of the JDK, what computes; of others, collections and annotations. */
    @ArchTest
    static final ArchRule theDomainDependsOnValuesAndFunctionsOnly = classes()
            .that()
            .resideInAPackage(DOMAIN)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    DOMAIN,
                    "java.lang",
                    "java.lang.annotation",
                    "java.lang.invoke",
                    "java.lang.runtime",
                    "java.nio",
                    "java.nio.charset",
                    "java.security",
                    "java.text",
                    "java.time",
                    "java.util",
                    "java.util.function",
                    "java.util.regex",
                    "java.util.stream",
                    "io.vavr..",
                    "org.immutables.value..",
                    "org.jspecify.annotations"));

    @ArchTest
    static final ArchRule theDomainHasNeitherClockNorChance = noClasses()
            .that()
            .resideInAPackage(DOMAIN)
            .should()
            .dependOnClassesThat(belongToAnyOf(
                    Clock.class,
                    InstantSource.class,
                    Random.class,
                    SecureRandom.class,
                    UUID.class,
                    System.class,
                    Thread.class,
                    ThreadLocal.class,
                    Process.class,
                    Runtime.class))
            .orShould()
            .accessTargetWhere(describe("it asks for the time", HexagonTest::asksForTheTime))
            .orShould()
            .callMethod(Math.class, "random");

    @ArchTest
    static final ArchRule portsDependOnTheDomainOnly = classes()
            .that()
            .resideInAPackage(PORTS)
            .should()
            .onlyDependOnClassesThat(
                    resideInAnyPackage(DOMAIN, PORTS, "java..", "io.vavr..", "org.jspecify.annotations"));

    /** An adapter that needs a store finds one by the service loader; the local gateway knows its functions by name. */
    @ArchTest
    static final ArchRule adaptersDoNotKnowEachOther = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("the domain")
            .definedBy(DOMAIN)
            .layer("the ports")
            .definedBy(PORTS)
            .layer("the store in memory")
            .definedBy(IN_MEMORY)
            .layer("the store on DynamoDB")
            .definedBy(DYNAMO_DB)
            .layer("the functions")
            .definedBy(LAMBDA)
            .layer("the local gateway")
            .definedBy(LOCAL)
            .whereLayer("the domain")
            .mayNotAccessAnyLayer()
            .whereLayer("the ports")
            .mayOnlyAccessLayers("the domain")
            .whereLayer("the store in memory")
            .mayOnlyAccessLayers("the ports", "the domain")
            .whereLayer("the store on DynamoDB")
            .mayOnlyAccessLayers("the ports", "the domain")
            .whereLayer("the functions")
            .mayOnlyAccessLayers("the ports", "the domain")
            .whereLayer("the local gateway")
            .mayNotAccessAnyLayer();

    @ArchTest
    static final ArchRule theSdkStaysWhereAwsIsMet = noClasses()
            .that()
            .resideOutsideOfPackages(DYNAMO_DB, LAMBDA, LOCAL)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon..");

    @ArchTest
    static final ArchRule lambdaStaysWhereFunctionsAre = noClasses()
            .that()
            .resideOutsideOfPackages(LAMBDA, LOCAL)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.amazonaws..");

    @ArchTest
    static final ArchRule aFunctionIsAFinalHandlerThatLambdaCanMake = classes()
            .that()
            .resideInAPackage(LAMBDA)
            .and()
            .implement(RequestHandler.class)
            .should()
            .haveModifier(JavaModifier.FINAL)
            .andShould()
            .bePublic()
            .andShould()
            .haveSimpleNameEndingWith("Handler")
            .andShould(have(describe("a public constructor without parameters", HexagonTest::canBeMade)));

    @ArchTest
    static final ArchRule whatIsCalledAHandlerIsAFunction = classes()
            .that()
            .resideInAPackage(LAMBDA)
            .and()
            .haveSimpleNameEndingWith("Handler")
            .should()
            .implement(RequestHandler.class);

    @ArchTest
    static void thereAreSevenFunctions(JavaClasses classes) {
        assertThat(classes.stream()
                        .filter(type -> type.isAssignableTo(RequestHandler.class))
                        .map(JavaClass::getSimpleName))
                .containsExactlyInAnyOrder(
                        "ConnectHandler",
                        "DisconnectHandler",
                        "RegisterUserHandler",
                        "CreateRoomHandler",
                        "JoinRoomHandler",
                        "SendMessageHandler",
                        "LeaveRoomHandler");
    }

    @ArchTest
    static final ArchRule packagesDoNotGoInCircles =
            slices().matching("dev.chatlab.(**)").should().beFreeOfCycles();

    private static boolean asksForTheTime(JavaAccess<?> access) {
        return access.getTargetOwner().getPackageName().startsWith("java.time")
                && access.getName().equals("now");
    }

    private static boolean canBeMade(JavaClass type) {
        return type.getConstructors().stream()
                .anyMatch(constructor -> constructor.getModifiers().contains(JavaModifier.PUBLIC)
                        && constructor.getParameters().isEmpty());
    }
}
