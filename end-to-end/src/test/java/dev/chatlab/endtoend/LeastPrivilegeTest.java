package dev.chatlab.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.samlocal.iam.Permissions;
import dev.samlocal.iam.Permissions.Access;
import dev.samlocal.iam.Permissions.Grant;
import dev.samlocal.template.DeployedApplication;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The template's roles grant exactly what the functions need: no permission is missing, and none is needless. */
class LeastPrivilegeTest {

    private static final Logger ROOT = Logger.getLogger("");
    private static final Level LOUD = ROOT.getLevel();

    static Stream<Grant> grants() {
        return DeployedApplication.read(LocalChat.TEMPLATE, Map.of(), "us-east-1").backing().grants().stream();
    }

    /** The tests cause denials, and each is logged. */
    @BeforeAll
    static void quiet() {
        ROOT.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        ROOT.setLevel(LOUD);
    }

    @Test
    void conversationWithAllPermissionsIsNeverDenied() {
        Queue<Access> denied = new ConcurrentLinkedQueue<>();
        try (var chat = LocalChat.startOnTables(new Permissions(grant -> true, access -> {
            if (!access.permitted()) {
                denied.add(access);
            }
        }))) {
            conversation(chat);
        }
        assertThat(denied).isEmpty();
        assertThat(grants()).as("there is something to take away").hasSizeGreaterThan(7);
    }

    @Test
    void clientOfADeniedFunctionGetsInternalError() {
        try (var chat = LocalChat.startOnTables(new Permissions(
                grant -> !(grant.holder().equals("CreateRoomFunction")
                        && grant.action().equals("dynamodb:PutItem")),
                access -> {}))) {
            Client ann = chat.registered("Ann");
            ann.send("action", "new-room", "value", "hall");
            assertThat(ann.await("error")).containsEntry("code", "internal").containsEntry("action", "new-room");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("grants")
    void conversationWithoutOnePermissionIsDenied(Grant removed) throws Exception {
        var denied = new CompletableFuture<Access>();
        try (var chat = LocalChat.startOnTables(new Permissions(grant -> !grant.equals(removed), access -> {
                    if (!access.permitted()) {
                        denied.complete(access);
                    }
                }));
                ExecutorService thread = Executors.newSingleThreadExecutor()) {
            try {
                CompletableFuture.anyOf(denied, CompletableFuture.runAsync(() -> conversation(chat), thread))
                        .get(60, TimeUnit.SECONDS);
            } finally {
                thread.shutdownNow();
            }
        }
        if (!denied.isDone()) {
            fail("no function was denied without %s", removed);
        }
        assertThat(denied.join().holder()).isEqualTo(removed.holder());
        assertThat(denied.join().action()).isEqualTo(removed.action());
    }

    /** {@link SignedBrowserTest} shows that this role lets a guest connect. The gateway's own tests reject a guest without it. */
    @Test
    void guestRoleAllowsTheHandshakeAlone() {
        var role =
                DeployedApplication.read(LocalChat.TEMPLATE, Map.of("AuthMode", "IAM"), "us-east-1")
                        .resources()
                        .stream()
                        .filter(resource -> resource.logicalId().equals("GuestRole"))
                        .findFirst()
                        .orElseThrow();

        assertThat(role.properties()).containsOnlyKeys("AssumeRolePolicyDocument", "Policies");
        assertThat(role.properties().get("Policies"))
                .isEqualTo(List.of(Map.of(
                        "PolicyName",
                        "connect",
                        "PolicyDocument",
                        Map.of(
                                "Version",
                                "2012-10-17",
                                "Statement",
                                List.of(Map.of(
                                        "Effect",
                                        "Allow",
                                        "Action",
                                        "execute-api:Invoke",
                                        "Resource",
                                        "arn:aws:execute-api:us-east-1:000000000000:Api/dev/$connect"))))));
    }

    /**
     * A conversation that uses every function. Each event has a recipient whose connection is gone, so each function also ends the
     * session of a gone connection.
     */
    private static void conversation(LocalChat chat) {
        var staleMembers = new StaleMembers(chat.tables());
        Client ann = chat.client();
        String key = register(ann, "Ann");
        Client ben = chat.registered("Ben");

        staleMembers.opens("Gus", "attic");
        ann.send("action", "new-room", "value", "hall");
        ann.await(frame -> is(frame, "delete-room", "room", "attic"));
        ann.await("ack");
        ann.send("action", "new-room", "value", "hall");
        assertThat(ann.await("error")).containsEntry("code", "room-exists");

        staleMembers.joins("Gil", "hall");
        ben.send("action", "join-room", "value", "hall");
        ben.await("multi-message");
        ann.await(frame -> is(frame, "member-left", "user", "Gil"));

        staleMembers.joins("Gib", "hall");
        ben.send("action", "dispatch", "value", "hello");
        ben.await("ack");
        ann.await(frame -> is(frame, "member-left", "user", "Gib"));
        ben.send("action", "join-room", "value", "hall", "since", 0);
        assertThat((List<?>) ben.await("multi-message").get("messages")).hasSize(1);

        staleMembers.joins("Gor", "hall");
        ben.send("action", "leave-room");
        ben.await("ack");
        ann.await(frame -> is(frame, "member-left", "user", "Gor"));
        ben.send("action", "join-room", "value", "hall");
        ben.await("multi-message");

        staleMembers.joins("Gen", "hall");
        Client again = chat.client();
        again.send("action", "register", "value", "Ann", "key", key);
        again.await("signup");
        assertThat(ann.await("error")).containsEntry("code", "signed-in-elsewhere");
        ben.await(frame -> is(frame, "member-left", "user", "Gen"));

        again.send("action", "new-room", "value", "loft");
        again.await("ack");
        again.send("action", "join-room", "value", "hall");
        again.await("multi-message");
        staleMembers.joins("Geo", "hall");
        again.close();
        ben.await(frame -> is(frame, "delete-room", "room", "loft"));
        ben.await(frame -> is(frame, "member-left", "user", "Geo"));

        ben.send("action", "leave-room", "room", "hall");
        ben.await(frame -> is(frame, "delete-room", "room", "hall"));
        ben.send("action", "new-room", "value", "hall");
        ben.await("ack");
        ben.close();
        ann.kill();
    }

    private static String register(Client client, String name) {
        client.send("action", "register", "value", name);
        return (String) Objects.requireNonNull(client.await("signup").get("key"));
    }

    private static boolean is(Map<String, Object> frame, String type, String field, String value) {
        return type.equals(frame.get("type")) && value.equals(frame.get(field));
    }
}
