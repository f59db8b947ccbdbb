package dev.chatlab.local.template;

import java.util.LinkedHashMap;
import java.util.Map;

/** The pseudo parameters of a stack that is nowhere but here. */
final class Pseudo {
    static final String ACCOUNT_ID = "000000000000";
    static final String STACK_NAME = "local";

    private Pseudo() {}

    static Map<String, Node> parameters(String region) {
        Map<String, Node> parameters = new LinkedHashMap<>();
        Map.of(
                        "AWS::Region",
                        region,
                        "AWS::AccountId",
                        ACCOUNT_ID,
                        "AWS::Partition",
                        "aws",
                        "AWS::StackName",
                        STACK_NAME,
                        "AWS::URLSuffix",
                        "amazonaws.com",
                        "AWS::StackId",
                        "arn:aws:cloudformation:" + region + ":" + ACCOUNT_ID + ":stack/" + STACK_NAME + "/local")
                .forEach((name, value) -> parameters.put(name, new Node.Scalar(value, false, 0)));
        parameters.put("AWS::NotificationARNs", new Node.Sequence(java.util.List.of(), 0));
        return parameters;
    }
}
