package dev.chatlab.endtoend;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.conditions.ArchConditions.have;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.chatlab.domain.Chat;
import dev.chatlab.domain.ChatEvent;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Random;
import java.util.UUID;

/** The dependencies between the modules, as docs/ARCHITECTURE.md draws them. {@link ArchitectureRulesTest} shows that each rule fails. */
@AnalyzeClasses(
        packages = {"dev.chatlab", "dev.samlocal"},
        importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String DOMAIN = "dev.chatlab.domain..";
    private static final String PORTS = "dev.chatlab.ports..";
    private static final String APPLICATION = "dev.chatlab.application..";
    private static final String PROTOCOL = "dev.chatlab.protocol..";
    private static final String TESTKIT = "dev.chatlab.testkit..";
    private static final String IN_MEMORY = "dev.chatlab.inmemory..";
    private static final String DYNAMO_DB = "dev.chatlab.dynamodb..";
    private static final String LAMBDA = "dev.chatlab.lambda..";
    private static final String LOCAL_GATEWAY = "dev.samlocal..";

    private static final String[] LANGUAGE = {
        "java.lang..",
        "java.math",
        "java.nio",
        "java.nio.charset",
        "java.security",
        "java.text",
        "java.time..",
        "java.util..",
        "io.vavr..",
        "org.immutables.value..",
        "org.jspecify.annotations"
    };

    @ArchTest
    static final ArchRule domainDependsOnValuesAndFunctionsOnly = dependsOnlyOn(DOMAIN);

    @ArchTest
    static final ArchRule domainHasNoClockNoRandomnessAndNoThreads = noClasses()
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
            .accessTargetWhere(describe("it reads the clock", ArchitectureTest::readsTheClock))
            .orShould()
            .callMethod(Math.class, "random");

    /** No AWS, no JSON and no I/O. */
    @ArchTest
    static final ArchRule portsDependOnTheDomainOnly = dependsOnlyOn(PORTS, DOMAIN, "java.net");

    /** No AWS, no JSON and no I/O. */
    @ArchTest
    static final ArchRule applicationDependsOnThePortsOnly = dependsOnlyOn(APPLICATION, PORTS, DOMAIN);

    /** No AWS and no transport. */
    @ArchTest
    static final ArchRule protocolDependsOnTheApplicationAndJsonOnly =
            dependsOnlyOn(PROTOCOL, APPLICATION, PORTS, DOMAIN, "com.fasterxml.jackson.jr..", "java.io");

    @ArchTest
    static final ArchRule storeInMemoryDependsOnThePortsOnly = dependsOnlyOn(IN_MEMORY, PORTS, DOMAIN);

    @ArchTest
    static final ArchRule storeOnDynamoDbDependsOnThePortsAndTheSdkOnly =
            dependsOnlyOn(DYNAMO_DB, PORTS, DOMAIN, "software.amazon..", "java.net");

    @ArchTest
    static final ArchRule functionsDoNotKnowTheStores = noClasses()
            .that()
            .resideInAPackage(LAMBDA)
            .should()
            .dependOnClassesThat(resideInAnyPackage(DYNAMO_DB, IN_MEMORY));

    @ArchTest
    static final ArchRule localGatewayKnowsNothingOfTheChat = noClasses()
            .that()
            .resideInAPackage(LOCAL_GATEWAY)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.chatlab..");

    @ArchTest
    static final ArchRule onlyTheAdaptersUseAws = noClasses()
            .that()
            .resideOutsideOfPackages(DYNAMO_DB, LAMBDA, LOCAL_GATEWAY)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("software.amazon..", "com.amazonaws..");

    /** Only the domain makes events; the event codec makes stored ones again. */
    @ArchTest
    static final ArchRule onlyTheDomainAndTheCodecMakeEvents = noClasses()
            .that(resideOutsideOfPackages(DOMAIN, "dev.chatlab.ports.codec", TESTKIT))
            .should()
            .callConstructorWhere(
                    describe("an event is made", call -> call.getTargetOwner().isAssignableTo(ChatEvent.class)));

    /** Every command goes through the service, which checks the versions of what a decision was made on. */
    @ArchTest
    static final ArchRule onlyTheApplicationDecides = noClasses()
            .that(resideOutsideOfPackages(DOMAIN, APPLICATION, TESTKIT))
            .should()
            .callMethodWhere(describe(
                    "Chat.decide is called",
                    call -> call.getTargetOwner().isEquivalentTo(Chat.class)
                            && call.getName().equals("decide")));

    @ArchTest
    static final ArchRule functionsArePublicFinalHandlersThatLambdaCanCreate = classes()
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
            .andShould(have(describe("a public constructor without parameters", ArchitectureTest::canBeCreated)));

    @ArchTest
    static void thereAreSevenFunctions(JavaClasses classes) {
        assertThat(classes.that(assignableTo(RequestHandler.class)).stream().map(JavaClass::getSimpleName))
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
    static final ArchRule packagesHaveNoCycles =
            slices().matching("dev.(**)").should().beFreeOfCycles();

    /** The classes of a package use its own types, these packages, and the language. */
    static ArchRule dependsOnlyOn(String module, String... packages) {
        return classes()
                .that()
                .resideInAPackage(module)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(module)
                        .or(resideInAnyPackage(packages))
                        .or(resideInAnyPackage(LANGUAGE))
                        // Records, exceptions and JSON use these two types of java.io without any I/O.
                        .or(belongToAnyOf(Serializable.class, UncheckedIOException.class)));
    }

    private static boolean readsTheClock(JavaAccess<?> access) {
        return access.getTargetOwner().getPackageName().startsWith("java.time")
                && access.getName().equals("now");
    }

    private static boolean canBeCreated(JavaClass type) {
        return type.getConstructors().stream()
                .anyMatch(constructor -> constructor.getModifiers().contains(JavaModifier.PUBLIC)
                        && constructor.getParameters().isEmpty());
    }
}
