package dev.samlocal.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.samlocal.iam.Permissions.Grant;
import dev.samlocal.iam.Role;
import dev.samlocal.iam.Statement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables, roles and identity pools of a template. */
class BackingResourcesTest {

    private static final String ROLE = """
            Resources:
              Things:
                Type: AWS::DynamoDB::Table
                Properties:
                  KeySchema: [{ AttributeName: pk, KeyType: HASH }]
                  AttributeDefinitions: [{ AttributeName: pk, AttributeType: S }]
              Reader:
                Type: AWS::Serverless::Function
                Properties: { Handler: x, Role: !GetAtt ReaderRole.Arn }
              Other:
                Type: AWS::Serverless::Function
                Properties: { Handler: x, Role: "arn:aws:iam::111111111111:role/elsewhere" }
              Generated:
                Type: AWS::Serverless::Function
                Properties: { Handler: x }
              ReaderRole:
                Type: AWS::IAM::Role
                Properties:
                  Policies:
                    - PolicyName: p
                      PolicyDocument:
                        Statement:
                          - Effect: Allow
                            Action: [dynamodb:Query, dynamodb:GetItem]
                            Resource: !GetAtt Things.Arn
            """;

    private static final String GUESTS = """
              Pool:
                Type: AWS::Cognito::IdentityPool
                Properties: { AllowUnauthenticatedIdentities: true }
              Attachment:
                Type: AWS::Cognito::IdentityPoolRoleAttachment
                Properties:
                  IdentityPoolId: !Ref Pool
                  Roles: { unauthenticated: !GetAtt GuestRole.Arn }
              GuestRole:
                Type: AWS::IAM::Role
                Properties:
                  AssumeRolePolicyDocument:
                    Statement:
                      - Effect: Allow
                        Principal: { Federated: cognito-identity.amazonaws.com }
                        Action: sts:AssumeRoleWithWebIdentity
                        Condition:
                          StringEquals: { "cognito-identity.amazonaws.com:aud": !Ref Pool }
                          ForAnyValue:StringLike: { "cognito-identity.amazonaws.com:amr": unauthenticated }
              Closed:
                Type: AWS::Cognito::IdentityPool
                Properties: { AllowUnauthenticatedIdentities: false }
            """;

    @TempDir
    Path folder;

    @Test
    void functionHasTheGrantsOfItsRole() throws IOException {
        String table = "arn:aws:dynamodb:us-east-1:000000000000:table/Things";

        var backing = read(ROLE);

        assertThat(backing.roles()).containsOnlyKeys("Reader");
        assertThat(backing.grants())
                .containsExactly(
                        new Grant("Reader", "dynamodb:Query", table), new Grant("Reader", "dynamodb:GetItem", table));
        assertThat(backing.tables()).extracting(BackingResources.Table::name).containsExactly("Things");
    }

    @Test
    void simpleTableHasKeyOnly() throws IOException {
        var tables = read("Resources: {Simple: {Type: AWS::Serverless::SimpleTable}}")
                .tables();

        assertThat(tables)
                .containsExactly(new BackingResources.Table(
                        "Simple",
                        Map.of(
                                "BillingMode", "PAY_PER_REQUEST",
                                "KeySchema", List.of(Map.of("AttributeName", "id", "KeyType", "HASH")),
                                "AttributeDefinitions", List.of(Map.of("AttributeName", "id", "AttributeType", "S")))));
    }

    @Test
    void policyResourceBelongsToTheRolesThatItNames() throws IOException {
        var backing = read(ROLE + """
                  More:
                    Type: AWS::IAM::Policy
                    Properties:
                      Roles: [!Ref ReaderRole]
                      PolicyDocument:
                        Statement: { Effect: Deny, Action: "*", Resource: "*" }
                """);

        assertThat(Objects.requireNonNull(backing.roles().get("Reader")).statements())
                .contains(new Statement(false, List.of("*"), List.of("*")));
    }

    @Test
    void identityPoolHasTheAttachedGuestRole() throws IOException {
        var backing = read(ROLE + GUESTS);

        var pools = backing.identityPools();
        assertThat(pools).extracting(BackingResources.IdentityPool::logicalId).containsExactly("Pool", "Closed");
        assertThat(pools)
                .extracting(BackingResources.IdentityPool::admitsGuests)
                .containsExactly(true, false);
        assertThat(pools)
                .extracting(pool -> pool.guestRole().map(Role::name))
                .containsExactly(Optional.of("GuestRole"), Optional.empty());
        assertThat(pools)
                .extracting(BackingResources.IdentityPool::id)
                .doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(id).matches("us-east-1:[0-9a-f-]{36}"));
        assertThat(read(ROLE).identityPools()).isEmpty();
    }

    @Test
    void statementsAboutOtherServicesAreIgnored() throws IOException {
        String other =
                "- { Effect: Allow, Action: [s3:GetObject], Resource: \"*\", Condition: { Bool: { \"aws:SecureTransport\": \"true\" } } }";

        assertThat(read(ROLE + " ".repeat(14) + other + "\n").grants()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Action: dynamodb:Query, Resource: "*", Condition: { Bool: { "aws:SecureTransport": "true" } } | a statement's Condition is not supported here
            NotAction: dynamodb:Query, Resource: "*" | a statement's NotAction is not supported here
            Action: "*", NotResource: "*" | a statement's NotResource is not supported here
            Action: dynamodb:Query | a statement has an Effect, an Action and a Resource
            """)
    void unsupportedStatementIsReported(String rest, String problem) {
        assertThatThrownBy(() -> read(ROLE + " ".repeat(14) + "- { Effect: Allow, " + rest + " }\n"))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("ReaderRole.Policies: " + problem);
    }

    @Test
    void unknownManagedPolicyIsReported() {
        assertThatThrownBy(
                        () -> read(
                                ROLE.replace(
                                        "      Policies:\n",
                                        "      ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess]\n      Policies:\n")))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining(
                        "the permissions of arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess are not known here");
    }

    private BackingResources read(String template) throws IOException {
        return DeployedApplication.read(
                        Files.writeString(folder.resolve("template.yaml"), template), Map.of(), "us-east-1")
                .backing();
    }
}
