package dev.samlocal.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The permissions that DynamoDB requests require. */
class RequiredPermissionsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            DynamoDB_20120810.Query | {"TableName":"A"} | dynamodb:Query table/A
            DynamoDB_20120810.Query | {"TableName":"A","IndexName":"I"} | dynamodb:Query table/A/index/I
            DynamoDB_20120810.PutItem | {"TableName":"arn:aws:dynamodb:r:1:table/A"} | dynamodb:PutItem arn:aws:dynamodb:r:1:table/A
            DynamoDB_20120810.ListTables | {} | dynamodb:ListTables table/*
            DynamoDB_20120810.BatchWriteItem | {"RequestItems":{"A":[],"B":[]}} | dynamodb:BatchWriteItem table/A,dynamodb:BatchWriteItem table/B
            DynamoDB_20120810.TransactWriteItems | {"TransactItems":[{"Put":{"TableName":"A"}},{"Put":{"TableName":"A"}},{"Delete":{"TableName":"B"}},{"Update":{"TableName":"A"}},{"ConditionCheck":{"TableName":"B"}}]} | dynamodb:PutItem table/A,dynamodb:DeleteItem table/B,dynamodb:UpdateItem table/A,dynamodb:ConditionCheckItem table/B
            DynamoDB_20120810.TransactGetItems | {"TransactItems":[{"Get":{"TableName":"A"}}]} | dynamodb:GetItem table/A
            """)
    void requestRequiresThePermissionsThatIamChecks(String target, String request, String permissions)
            throws IOException {
        assertThat(RequiredPermissions.of(target, JSON.std.mapFrom(request)))
                .extracting(permission -> permission.action() + " " + permission.resource())
                .containsExactlyElementsOf(List.of(permissions.split(",", -1)));
    }
}
