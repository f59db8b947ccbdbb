package dev.samlocal.iam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.samlocal.iam.Permissions.Access;
import dev.samlocal.iam.Permissions.Grant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Permission checks of functions. */
class AccessControlTest {

    private static final String TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/Things";

    private final List<Access> seen = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({
        "dynamodb:Query, arn:aws:dynamodb:us-east-1:000000000000:table/Things, true",
        "dynamodb:query, arn:aws:dynamodb:us-east-1:000000000000:table/Things, true",
        "dynamodb:Q*y, *, true",
        "dynamodb:Quer?, arn:aws:dynamodb:*:*:table/Th?ngs, true",
        "*, arn:aws:dynamodb:us-east-1:000000000000:table/*, true",
        "dynamodb:Get*, *, false",
        "dynamodb:Quer??, *, false",
        "dynamodb:*, arn:aws:dynamodb:us-east-1:000000000000:table/things, false",
        "dynamodb:*, arn:aws:dynamodb:us-east-1:000000000000:table/Things/index/*, false",
        "dynamodb:*, arn:aws:dynamodb:us-east-1:000000000000:table/Thing, false"
    })
    void statementAllowsWhatItsPatternsMatch(String action, String resource, boolean permitted) {
        var access = control(new Statement(true, List.of("s3:GetObject", action), List.of(resource)));

        assertThat(denial(access, "dynamodb:Query").isEmpty()).isEqualTo(permitted);
        assertThat(seen).containsExactly(new Access("Reader", "dynamodb:Query", TABLE, permitted));
    }

    @Test
    void actionWithoutGrantIsDeniedWithAwsMessage() {
        assertThat(denial(control(), "dynamodb:Query"))
                .contains("User: arn:aws:sts::000000000000:assumed-role/ReaderRole/Reader is not authorized to perform:"
                        + " dynamodb:Query on resource: " + TABLE
                        + " because no identity-based policy allows the dynamodb:Query action");
    }

    @Test
    void denyStatementWins() {
        var access = control(
                new Statement(true, List.of("*"), List.of("*")),
                new Statement(false, List.of("dynamodb:Delete*"), List.of(TABLE)));

        assertThat(denial(access, "dynamodb:PutItem")).isEmpty();
        assertThat(denial(access, "dynamodb:DeleteItem").orElse(""))
                .endsWith("with an explicit deny in an identity-based policy");
    }

    @Test
    void requestWithoutAFunctionsKeyIsNotChecked() {
        var access = control();

        assertThat(access.denial(null, "dynamodb:Query", TABLE)).isEmpty();
        assertThat(access.denial(header("AKIADEVELOPER"), "dynamodb:Query", TABLE))
                .isEmpty();
        assertThat(access.denial("Basic c29tZWJvZHk=", "dynamodb:Query", TABLE)).isEmpty();
        assertThat(seen).isEmpty();
    }

    @Test
    void grantThatIsNotInForceDoesNotPermit() {
        var without = new Grant("Reader", "dynamodb:*", TABLE);
        var statement = new Statement(true, List.of("dynamodb:*", "dynamodb:Query"), List.of(TABLE));
        var access = new AccessControl(
                "000000000000",
                "us-east-1",
                Map.of("Reader", new Role("ReaderRole", List.of(statement))),
                new Permissions(grant -> !grant.equals(without), seen::add),
                InstantSource.system());

        assertThat(denial(access, "dynamodb:Query")).isEmpty();
        assertThat(denial(access, "dynamodb:PutItem")).isPresent();
    }

    private AccessControl control(Statement... statements) {
        return new AccessControl(
                "000000000000",
                "us-east-1",
                Map.of("Reader", new Role("ReaderRole", Arrays.asList(statements))),
                new Permissions(grant -> true, seen::add),
                InstantSource.system());
    }

    private static Optional<String> denial(AccessControl access, String action) {
        return access.denial(header(access.credentials("Reader").orElseThrow().accessKeyId()), action, TABLE);
    }

    private static String header(String key) {
        return "AWS4-HMAC-SHA256 Credential=" + key
                + "/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0";
    }
}
