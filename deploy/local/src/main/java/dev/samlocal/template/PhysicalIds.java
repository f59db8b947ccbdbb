package dev.samlocal.template;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * The results of {@code Ref} and {@code Fn::GetAtt} for resources that were never deployed: the name that the template gives,
 * else the logical id, and ARNs made from it.
 */
final class PhysicalIds {
    private static final Map<String, String> NAME_PROPERTIES = Map.of(
            "AWS::ApiGatewayV2::Stage", "StageName",
            "AWS::DynamoDB::Table", "TableName",
            "AWS::IAM::Role", "RoleName",
            "AWS::Lambda::Function", "FunctionName",
            "AWS::Logs::LogGroup", "LogGroupName",
            "AWS::S3::Bucket", "BucketName",
            "AWS::SNS::Topic", "TopicName",
            "AWS::SQS::Queue", "QueueName",
            "AWS::Serverless::Function", "FunctionName",
            "AWS::Serverless::SimpleTable", "TableName");

    private final String region;
    private final Function<String, Optional<Resource>> resources;
    private final Map<String, String> generated;

    /** @param generated the logical ids of resources that SAM generates, each with the function it is generated for */
    PhysicalIds(String region, Function<String, Optional<Resource>> resources, Map<String, String> generated) {
        this.region = region;
        this.resources = resources;
        this.generated = generated;
    }

    Optional<String> ref(String name) {
        if (name.endsWith(".Alias") || name.endsWith(".Version")) {
            return attribute(name);
        }
        var function = generated.get(name);
        if (function != null) {
            return name.equals(function + "Role")
                    ? Optional.of(name)
                    : attribute(function + (name.equals(function + "Version") ? ".Version" : ".Alias"));
        }
        return resources.apply(name).map(resource -> switch (resource.type()) {
            case "AWS::Lambda::Alias" -> functionArn(resource.text("FunctionName")) + ":" + resource.text("Name");
            case "AWS::Lambda::Version" -> functionArn(resource.text("FunctionName")) + ":1";
            case "AWS::SNS::Topic" -> arn(resource);
            // Stable across runs, so that a browser keeps its identity.
            case "AWS::Cognito::IdentityPool" ->
                region + ":" + UUID.nameUUIDFromBytes(resource.logicalId().getBytes(StandardCharsets.UTF_8));
            case "AWS::SQS::Queue" ->
                "https://sqs." + region + ".amazonaws.com/" + Template.ACCOUNT_ID + "/" + name(resource);
            default -> name(resource);
        });
    }

    /** The attribute {@code LogicalId.Attribute}. An attribute whose value AWS generates is its own name here. */
    Optional<String> attribute(String path) {
        String[] parts = path.split("\\.", 2);
        if (parts.length < 2) {
            return Optional.empty();
        }
        if (generated.containsKey(parts[0])) {
            return Optional.of(parts[1].equals("Arn") ? roleArn(parts[0]) : path);
        }
        return resources.apply(parts[0]).flatMap(resource -> switch (parts[1]) {
            case "Alias" ->
                resource.optionalText("AutoPublishAlias").map(alias -> functionArn(name(resource)) + ":" + alias);
            case "Version" ->
                resource.optionalText("AutoPublishAlias").map(alias -> functionArn(name(resource)) + ":1");
            case "Arn" -> Optional.of(arn(resource));
            case "StreamArn", "LatestStreamArn" -> Optional.of(arn(resource) + "/stream/local");
            case "ApiEndpoint" -> Optional.of("wss://" + name(resource) + ".execute-api." + region + ".amazonaws.com");
            default -> Optional.of(path);
        });
    }

    private static String name(Resource resource) {
        return Optional.ofNullable(NAME_PROPERTIES.get(resource.type()))
                .flatMap(resource::optionalText)
                .orElse(resource.logicalId());
    }

    private String arn(Resource resource) {
        String name = name(resource);
        return switch (resource.type()) {
            case "AWS::Lambda::Function", "AWS::Serverless::Function" -> functionArn(name);
            case "AWS::DynamoDB::Table", "AWS::Serverless::SimpleTable" -> arn("dynamodb", "table/" + name);
            case "AWS::IAM::Role" -> roleArn(name);
            case "AWS::S3::Bucket" -> "arn:aws:s3:::" + name;
            default -> {
                String[] parts = resource.type().split("::", -1);
                yield arn(parts.length > 1 ? parts[1].toLowerCase(Locale.ROOT) : "local", name);
            }
        };
    }

    private static String roleArn(String name) {
        return "arn:aws:iam::" + Template.ACCOUNT_ID + ":role/" + name;
    }

    private String functionArn(String nameOrArn) {
        return nameOrArn.startsWith("arn:") ? nameOrArn : arn("lambda", "function:" + nameOrArn);
    }

    private String arn(String service, String resource) {
        return "arn:aws:" + service + ":" + region + ":" + Template.ACCOUNT_ID + ":" + resource;
    }
}
