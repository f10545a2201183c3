using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Core.Bandits;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Host;

namespace MetaLlm.Gateway.Tests.Configuration;

/// <summary>Writes the JSON schema of a configuration file from the settings classes.</summary>
internal static class SchemaWriter
{
    private const string NotBlank = @"\S";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write() => new JsonObject
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["title"] = "Configuration file of MetaLlm",
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["$schema"] = new JsonObject { ["description"] = "Where this schema is, for editors.", ["type"] = "string" },
            [MetaLlmSettings.SectionName] = Object(SettingsShape.Of(typeof(HostSettings)), XmlDocs.Summary(typeof(HostSettings))),
        },
        ["required"] = new JsonArray(MetaLlmSettings.SectionName),
    }.ToJsonString(Indented) + "\n";

    /// <summary>A default as JSON; null where there is none, or where it depends on the machine.</summary>
    public static JsonNode? Default(SettingsMember member) => (member.Kind, member.Default) switch
    {
        (SettingsKind.Object, _) or (_, null or System.Collections.ICollection { Count: 0 }) => null,
        (SettingsKind.Choice, Enum choice) => member.Choices!.Single(c => c.Value.Equals(choice)).Key,
        (_, TimeSpan time) => time.TotalSeconds,
        (_, System.Net.IPAddress address) => address.ToString(),
        (_, var value) => JsonSerializer.SerializeToNode(value),
    };

    private static JsonObject Object(SettingsShape shape, string description)
    {
        var schema = new JsonObject
        {
            ["description"] = description,
            ["type"] = "object",
            ["properties"] = new JsonObject(shape.InFile.Select(m => KeyValuePair.Create<string, JsonNode?>(m.Name, Member(m)))),
            ["additionalProperties"] = false,
        };
        if (shape.InFile.Where(m => m.IsRequired).Select(m => (JsonNode)m.Name).ToArray() is { Length: > 0 } required)
        {
            schema["required"] = new JsonArray(required);
        }

        if (shape.Type == typeof(TenantSettings))
        {
            schema["properties"]!["policy"]!["enum"] = new JsonArray([.. PolicyRegistry.All.Select(p => (JsonNode)p.Name)]);
            schema["allOf"] = new JsonArray([.. PolicyRegistry.All.Select(PolicyRule)]);
        }

        return schema;
    }

    private static JsonObject Member(SettingsMember member)
    {
        var description = XmlDocs.Summary(member.Property) + (member.NeedsRestart ? " A change needs a restart." : "");
        var schema = member.Form switch
        {
            SettingsForm.List => new JsonObject { ["description"] = description, ["type"] = "array", ["items"] = Value(member) },
            SettingsForm.Map => new JsonObject { ["description"] = description, ["type"] = "object", ["additionalProperties"] = Value(member) },
            _ when member.Kind == SettingsKind.Object => Object(SettingsShape.Of(member.Type), description),
            _ => new JsonObject([KeyValuePair.Create<string, JsonNode?>("description", description), .. Value(member).ToArray().Select(Detach)]),
        };
        if (Default(member) is { } standard)
        {
            schema["default"] = standard;
        }

        return schema;
    }

    private static KeyValuePair<string, JsonNode?> Detach(KeyValuePair<string, JsonNode?> member) => new(member.Key, member.Value?.DeepClone());

    private static JsonObject Value(SettingsMember member) => member.Kind switch
    {
        SettingsKind.Object => Object(SettingsShape.Of(member.Type), XmlDocs.Summary(member.Type)),
        _ when member.Choices is { } choices => new JsonObject { ["enum"] = new JsonArray([.. choices.Keys.Select(c => (JsonNode)c)]) },
        SettingsKind.Flag => new JsonObject { ["type"] = "boolean" },
        SettingsKind.Json => new JsonObject { ["type"] = new JsonArray("number", "boolean", "string"), ["maxLength"] = member.Longest },
        SettingsKind.Integer or SettingsKind.Number or SettingsKind.Seconds =>
            Number(member.IsWhole, member.Minimum, member.Maximum, member.IsAboveMinimum),
        _ => new JsonObject
        {
            ["type"] = "string",
            ["pattern"] = member.Pattern is { } pattern ? $"^{pattern}$" : NotBlank,
            ["maxLength"] = member.Longest,
        },
    };

    private static JsonObject Number(bool whole, decimal? minimum, decimal? maximum, bool aboveMinimum)
    {
        var schema = new JsonObject { ["type"] = whole ? "integer" : "number" };
        if (minimum is not null)
        {
            schema[aboveMinimum ? "exclusiveMinimum" : "minimum"] = minimum;
            schema["maximum"] = maximum;
        }

        return schema;
    }

    /// <summary>Which numbers tune a policy. The first is the one of tenants that name none.</summary>
    private static JsonObject PolicyRule(PolicyDescriptor policy, int index)
    {
        var condition = new JsonObject { ["properties"] = new JsonObject { ["policy"] = new JsonObject { ["const"] = policy.Name } } };
        if (policy.Name != new TenantSettings { Id = "" }.Policy)
        {
            condition["required"] = new JsonArray("policy");
        }

        return new JsonObject
        {
            ["if"] = condition,
            ["then"] = new JsonObject
            {
                ["properties"] = new JsonObject
                {
                    ["policyOptions"] = new JsonObject
                    {
                        ["properties"] = new JsonObject(policy.Options.Select(o => KeyValuePair.Create<string, JsonNode?>(o.Name, Option(o)))),
                        ["additionalProperties"] = false,
                    },
                },
            },
        };
    }

    private static JsonObject Option(PolicyOption option) => new()
    {
        ["description"] = option.Description,
        ["type"] = "number",
        ["minimum"] = option.Minimum,
        ["maximum"] = option.Maximum,
        ["default"] = option.Default,
    };
}
