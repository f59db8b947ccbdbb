package dev.samlocal.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The values of CloudFormation's pseudo parameters in a local run. */
final class PseudoParameters {
    static final String ACCOUNT_ID = "000000000000";

    private PseudoParameters() {}

    static Map<String, Node> values(String region) {
        Map<String, Node> values = new LinkedHashMap<>();
        Map.of(
                        "AWS::Region",
                        region,
                        "AWS::AccountId",
                        ACCOUNT_ID,
                        "AWS::Partition",
                        "aws",
                        "AWS::StackName",
                        "local",
                        "AWS::URLSuffix",
                        "amazonaws.com",
                        "AWS::StackId",
                        "arn:aws:cloudformation:" + region + ":" + ACCOUNT_ID + ":stack/local/local")
                .forEach((name, value) -> values.put(name, new Node.Scalar(value, false, 0)));
        values.put("AWS::NotificationARNs", new Node.Sequence(List.of(), 0));
        return values;
    }
}
