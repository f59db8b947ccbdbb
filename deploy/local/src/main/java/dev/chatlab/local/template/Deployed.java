package dev.chatlab.local.template;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A resource that a template would deploy.
 *
 * @param dependsOn what the template says is there before it, besides what it refers to
 * @param properties with what they refer to filled in: maps, lists and text
 */
public record Deployed(String logicalId, String type, List<String> dependsOn, Map<String, Object> properties) {

    /**
     * All of them.
     *
     * @throws TemplateException naming the place, whenever something cannot be resolved
     */
    public static List<Deployed> read(Path file, Map<String, String> parameters, String region) {
        try {
            return Template.parse(TemplateReader.text(file), parameters, region).all().stream()
                    .map(resource -> new Deployed(
                            resource.logicalId(), resource.type(), resource.dependsOn(), resource.values()))
                    .toList();
        } catch (TemplateException e) {
            throw e.in(file.toString());
        }
    }

    /**
     * What the stack would say of itself, by name.
     *
     * @throws TemplateException naming the place, whenever something cannot be resolved
     */
    public static Map<String, String> outputs(Path file, Map<String, String> parameters, String region) {
        try {
            return Template.parse(TemplateReader.text(file), parameters, region).outputs();
        } catch (TemplateException e) {
            throw e.in(file.toString());
        }
    }
}
