package dev.chatlab.local.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chatlab.local.iam.Grant;
import dev.chatlab.local.iam.Role;
import dev.chatlab.local.iam.Statement;
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
import org.junit.jupiter.params.provider.ValueSource;

class BackingTest {

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
    void aFunctionHasWhatTheStatementsOfItsRoleSay() throws IOException {
        String table = "arn:aws:dynamodb:us-east-1:000000000000:table/Things";

        var backing = read(ROLE);

        assertThat(backing.roles()).containsOnlyKeys("Reader");
        assertThat(backing.grants())
                .containsExactly(
                        new Grant("Reader", "dynamodb:Query", table), new Grant("Reader", "dynamodb:GetItem", table));
        assertThat(backing.tables()).extracting(Backing.Table::name).containsExactly("Things");
    }

    @Test
    void aPolicyOfItsOwnBelongsToTheRolesItNames() throws IOException {
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

    /** On AWS such a template deploys, and no guest ever gets credentials. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "aud\": !Ref Pool|aud\": !Ref Closed",
                "amr\": unauthenticated|amr\": authenticated",
                "cognito-identity.amazonaws.com }\n|cognito-idp.amazonaws.com }\n",
                "sts:AssumeRoleWithWebIdentity|sts:AssumeRole",
                "Effect: Allow|Effect: Deny",
                ":aud\": !Ref Pool|:sub\": somebody"
            })
    void aRoleThatDoesNotTrustItsPoolIsNotForItsGuests(String change) throws IOException {
        String[] parts = change.split("\\|", 2);
        String template = GUESTS.replace(parts[0], parts[1]);
        assertThat(template).isNotEqualTo(GUESTS);

        assertThat(read(ROLE + template).identityPools().getFirst().guestRole()).isEmpty();
    }

    @Test
    void aTrustThatIsNotUnderstoodStopsTheStart() {
        assertThatThrownBy(() -> read(ROLE + GUESTS.replace("StringEquals:", "StringEqualsIfExists:")))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("GuestRole.AssumeRolePolicyDocument: the condition StringEqualsIfExists has no"
                        + " local counterpart");
    }

    @Test
    void anIdentityPoolHasTheRoleThatIsAttachedForGuests() throws IOException {
        var backing = read(ROLE + GUESTS);

        var pools = backing.identityPools();
        assertThat(pools).extracting(Backing.IdentityPool::logicalId).containsExactly("Pool", "Closed");
        assertThat(pools).extracting(Backing.IdentityPool::admitsGuests).containsExactly(true, false);
        assertThat(pools)
                .extracting(pool -> pool.guestRole().map(Role::name))
                .containsExactly(Optional.of("GuestRole"), Optional.empty());
        assertThat(pools)
                .extracting(Backing.IdentityPool::id)
                .doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(id).matches("us-east-1:[0-9a-f-]{36}"));
        assertThat(read(ROLE).identityPools()).isEmpty();
    }

    @Test
    void whatIsSaidOfOtherServicesIsNobodysConcern() throws IOException {
        String other =
                "- { Effect: Allow, Action: [s3:GetObject], Resource: \"*\", Condition: { Bool: { \"aws:SecureTransport\": \"true\" } } }";

        assertThat(read(ROLE + " ".repeat(14) + other + "\n").grants()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Action: dynamodb:Query, Resource: "*", Condition: { Bool: { "aws:SecureTransport": "true" } } | a statement's Condition has no local counterpart
            NotAction: dynamodb:Query, Resource: "*" | a statement's NotAction has no local counterpart
            Action: "*", NotResource: "*" | a statement's NotResource has no local counterpart
            Action: dynamodb:Query | a statement has an Action and a Resource
            """)
    void aStatementThatIsNotUnderstoodStopsTheStart(String rest, String problem) {
        assertThatThrownBy(() -> read(ROLE + " ".repeat(14) + "- { Effect: Allow, " + rest + " }\n"))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("ReaderRole.Policies: " + problem);
    }

    @Test
    void aManagedPolicyThatIsNotKnownStopsTheStart() {
        assertThatThrownBy(
                        () -> read(
                                ROLE.replace(
                                        "      Policies:\n",
                                        "      ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess]\n      Policies:\n")))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("what arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess allows is not known here");
    }

    private Backing read(String template) throws IOException {
        return Backing.read(Files.writeString(folder.resolve("template.yaml"), template), Map.of(), "us-east-1");
    }
}
