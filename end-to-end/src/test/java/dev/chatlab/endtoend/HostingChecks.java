package dev.chatlab.endtoend;

import dev.samlocal.template.DeployedApplication.DeployedResource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Checks the template's hosting of the page: only the CloudFront distribution may read the bucket, and it must serve the bucket over
 * HTTPS. Without these checks, a mistake shows only after a deployment, as status 403.
 */
final class HostingChecks {

    private final List<DeployedResource> resources;

    HostingChecks(List<DeployedResource> resources) {
        this.resources = resources;
    }

    /** The problems found, one sentence each. */
    Stream<String> problems() {
        return Stream.of(buckets(), origins(), behaviours()).flatMap(problems -> problems);
    }

    private Stream<String> buckets() {
        return ofType("AWS::S3::Bucket").<String>mapMulti((bucket, problems) -> {
            var publicAccess = new Properties(bucket.properties()).at("PublicAccessBlockConfiguration");
            if (!Stream.of("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
                    .allMatch(setting -> publicAccess.at(setting).is("true"))) {
                problems.accept(bucket.logicalId() + ": the bucket could be made public");
            }
            Set<String> readers = Set.copyOf(ofType("AWS::CloudFront::Distribution")
                    .map(distribution -> "arn:aws:cloudfront::000000000000:distribution/" + distribution.logicalId())
                    .toList());
            List<Properties> allowed = ofType("AWS::S3::BucketPolicy")
                    .map(policy -> new Properties(policy.properties()))
                    .filter(policy -> policy.at("Bucket").is(bucket.logicalId()))
                    .flatMap(policy -> policy.at("PolicyDocument", "Statement").items())
                    .filter(statement -> statement.at("Effect").is("Allow"))
                    .toList();
            if (allowed.size() != 1
                    || !allowed.getFirst()
                            .at("Principal")
                            .equals(new Properties(Map.of("Service", "cloudfront.amazonaws.com")))
                    || !allowed.getFirst().at("Action").is("s3:GetObject")
                    || !allowed.getFirst().at("Resource").is("arn:aws:s3:::" + bucket.logicalId() + "/*")
                    || !readers.equals(Set.of(allowed.getFirst()
                            .at("Condition", "StringEquals", "AWS:SourceArn")
                            .text()))) {
                problems.accept(
                        bucket.logicalId() + ": the distribution, and nothing else, must be allowed to read it");
            }
        });
    }

    private Stream<String> origins() {
        return configurations()
                .flatMap(distribution -> distribution.at("Origins").items())
                .filter(origin -> ofType("AWS::S3::Bucket")
                                .noneMatch(bucket ->
                                        origin.at("DomainName").is(bucket.logicalId() + ".RegionalDomainName"))
                        || ofType("AWS::CloudFront::OriginAccessControl")
                                .noneMatch(access ->
                                        origin.at("OriginAccessControlId").is(access.logicalId() + ".Id")
                                                && new Properties(access.properties())
                                                        .at("OriginAccessControlConfig", "SigningBehavior")
                                                        .is("always")))
                .map(origin -> "the origin " + origin.at("Id").text() + " is not a bucket with signed requests");
    }

    private Stream<String> behaviours() {
        return configurations()
                .flatMap(distribution -> Stream.concat(
                                distribution.at("DefaultCacheBehavior").items(),
                                distribution.at("CacheBehaviors").items())
                        .filter(behaviour ->
                                !(behaviour.at("ViewerProtocolPolicy").is("redirect-to-https")
                                        && ofType("AWS::CloudFront::ResponseHeadersPolicy")
                                                .anyMatch(headers -> behaviour
                                                        .at("ResponseHeadersPolicyId")
                                                        .is(headers.logicalId()))
                                        && distribution
                                                .at("Origins")
                                                .items()
                                                .anyMatch(origin ->
                                                        origin.at("Id").equals(behaviour.at("TargetOriginId"))))))
                .map(behaviour ->
                        "the behaviour for " + behaviour.at("PathPattern").text()
                                + " has no origin, no redirect to HTTPS, or no security headers");
    }

    private Stream<Properties> configurations() {
        return ofType("AWS::CloudFront::Distribution")
                .map(distribution -> new Properties(distribution.properties()).at("DistributionConfig"));
    }

    private Stream<DeployedResource> ofType(String type) {
        return resources.stream().filter(resource -> resource.type().equals(type));
    }
}
