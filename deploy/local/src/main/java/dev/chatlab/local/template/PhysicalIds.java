package dev.chatlab.local.template;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * What {@code Ref} and {@code Fn::GetAtt} answer for a resource that was never deployed: its own name where the
 * template gives one, else its logical id, and ARNs made from those.
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

    /**
     * @param generated what SAM adds to a template, by logical id: the function that an alias, a version or a role
     *     belongs to
     */
    PhysicalIds(String region, Function<String, Optional<Resource>> resources, Map<String, String> generated) {
        this.region = region;
        this.resources = resources;
        this.generated = generated;
    }

    Optional<String> ref(String name) {
        if (name.endsWith(".Alias") || name.endsWith(".Version")) {
            return attribute(name);
        }
        var parent = generated.get(name);
        if (parent != null) {
            if (name.startsWith(parent + "Alias")) {
                return attribute(parent + ".Alias");
            }
            return name.equals(parent + "Version") ? attribute(parent + ".Version") : Optional.of(name);
        }
        return resources.apply(name).map(resource -> switch (resource.type()) {
            case "AWS::Lambda::Alias" -> functionArn(resource.text("FunctionName")) + ":" + resource.text("Name");
            case "AWS::Lambda::Version" -> functionArn(resource.text("FunctionName")) + ":1";
            case "AWS::SNS::Topic" -> arn(resource);
            // Always the same, so that a browser keeps its identity.
            case "AWS::Cognito::IdentityPool" ->
                region + ":" + UUID.nameUUIDFromBytes(resource.logicalId().getBytes(StandardCharsets.UTF_8));
            case "AWS::SQS::Queue" ->
                "https://sqs." + region + ".amazonaws.com/" + Pseudo.ACCOUNT_ID + "/" + name(resource);
            default -> name(resource);
        });
    }

    /** Of {@code LogicalId.Attribute}; an attribute that no one can know here is its own name. */
    Optional<String> attribute(String path) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        String logicalId = path.substring(0, dot);
        String attribute = path.substring(dot + 1);
        if (generated.containsKey(logicalId)) {
            return Optional.of(
                    attribute.equals("Arn") ? "arn:aws:iam::" + Pseudo.ACCOUNT_ID + ":role/" + logicalId : path);
        }
        return resources.apply(logicalId).flatMap(resource -> switch (attribute) {
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
        var property = NAME_PROPERTIES.get(resource.type());
        return Optional.ofNullable(property).flatMap(resource::optionalText).orElse(resource.logicalId());
    }

    private String arn(Resource resource) {
        String name = name(resource);
        return switch (resource.type()) {
            case "AWS::Lambda::Function", "AWS::Serverless::Function" -> functionArn(name);
            case "AWS::DynamoDB::Table", "AWS::Serverless::SimpleTable" -> arn("dynamodb", "table/" + name);
            case "AWS::IAM::Role" -> "arn:aws:iam::" + Pseudo.ACCOUNT_ID + ":role/" + name;
            case "AWS::S3::Bucket" -> "arn:aws:s3:::" + name;
            default -> {
                var parts = resource.type().split("::", -1);
                yield arn(parts.length > 1 ? parts[1].toLowerCase(Locale.ROOT) : "local", name);
            }
        };
    }

    private String functionArn(String nameOrArn) {
        return nameOrArn.startsWith("arn:") ? nameOrArn : arn("lambda", "function:" + nameOrArn);
    }

    private String arn(String service, String resource) {
        return "arn:aws:" + service + ":" + region + ":" + Pseudo.ACCOUNT_ID + ":" + resource;
    }
}
