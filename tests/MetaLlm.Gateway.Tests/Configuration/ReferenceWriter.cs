using System.Globalization;
using System.Text;
using MetaLlm.Core.Bandits;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Host;

namespace MetaLlm.Gateway.Tests.Configuration;

/// <summary>Writes the reference of the configuration from the settings classes.</summary>
internal static class ReferenceWriter
{
    private const string Introduction = """
        # Configuration

        `serve --config FILE` reads one JSON file, in which comments are allowed. This page lists every member of its object `MetaLlm`.
        It is written from the code that reads the file, as is [config/metallm.schema.json](../config/metallm.schema.json): an editor that finds the schema by the member `$schema` checks the file while you type.

        - **A mistake stops the start.** All mistakes are told at once, each with its place, its value and what is legal. A member that is not known is a mistake.
        - **A changed file is read again while the gateway serves.** What is wrong is refused as a whole, and the configuration before stays in force. Members marked *restart* keep their old values until then, and the log names those that differ.
        - **Keys stand in no file.** Members that end in `Environment` or `Environments` name the environment variables that hold them.
        - In an application of your own, `builder.AddMetaLlm()` reads the same section from the application's configuration. It takes all members but `listen`, `allowedHosts`, `drainSeconds`, `console` and `engine`. `services.AddMetaLlmGateway(configuration)` adds a gateway alone and takes no `role`, `cluster`, `storage`, `runtime` or `embeddings` either.

        """;

    public static string Write()
    {
        var page = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        WriteObject(page, SettingsShape.Of(typeof(HostSettings)), MetaLlmSettings.SectionName, restart: false);
        page.Append("\n## Options of the policies\n\nA tenant's `policyOptions` are those of its `policy`.\n\n| policy | option | meaning | legal | default |\n|---|---|---|---|---|\n");
        foreach (var policy in PolicyRegistry.All)
        {
            var name = $"`{policy.Name}`: {Cell(policy.Summary)}";
            if (policy.Options.Count == 0)
            {
                page.Append(CultureInfo.InvariantCulture, $"| {name} | none | | | |\n");
            }

            foreach (var option in policy.Options)
            {
                page.Append(CultureInfo.InvariantCulture, $"| {name} | `{option.Name}` | {Cell(option.Description)} | {option.Minimum:0.############} to {option.Maximum:0.############} | {option.Default:0.############} |\n");
                name = "";
            }
        }

        return page.ToString();
    }

    private static void WriteObject(StringBuilder page, SettingsShape shape, string path, bool restart)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n## {path}\n\n{XmlDocs.Summary(shape.Type)}\n\n| member | meaning | legal | default | restart |\n|---|---|---|---|---|\n");
        foreach (var member in shape.InFile)
        {
            page.Append(CultureInfo.InvariantCulture, $"| `{member.Name}` | {Cell(XmlDocs.Summary(member.Property))} | {Cell(Legal(member, path))} | {Cell(Default(member))} | {(restart || member.NeedsRestart ? "yes" : "no")} |\n");
        }

        foreach (var member in shape.InFile.Where(m => m.Kind == SettingsKind.Object))
        {
            WriteObject(page, SettingsShape.Of(member.Type), Place(member, path), restart || member.NeedsRestart);
        }
    }

    private static string Place(SettingsMember member, string path) => member.Form switch
    {
        SettingsForm.List => $"{path}.{member.Name}[]",
        SettingsForm.Map => $"{path}.{member.Name}.NAME",
        _ => $"{path}.{member.Name}",
    };

    private static string Legal(SettingsMember member, string path)
    {
        if (member.Kind == SettingsKind.Object)
        {
            // The anchor that GitHub gives a heading.
            var place = Place(member, path);
            return $"{(member.Form == SettingsForm.List ? "a list, see" : "see")} [{place}](#{new string([.. place.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit)])})";
        }

        var legal = member switch
        {
            { Kind: SettingsKind.Choice } => string.Join("<br>", member.Choices!.Select(c => $"`{c.Key}`: {XmlDocs.Summary(member.Type, c.Value.ToString()!)}")),
            { Choices: { } choices } => $"one of {string.Join(", ", choices.Keys.Select(c => $"`{c}`"))}",
            { Property.Name: nameof(TenantSettings.Policy) } => "a policy of the last section",
            _ => member.Legal,
        };
        return member.Form switch
        {
            SettingsForm.List => $"a list; each {legal}",
            SettingsForm.Map => $"an object; each member {legal}",
            _ => legal,
        };
    }

    private static string Default(SettingsMember member) => member switch
    {
        { IsRequired: true } => "needed",
        { DefaultText: { } text } => text,
        _ => SchemaWriter.Default(member) is { } json ? $"`{json.ToJsonString()}`" : "",
    };

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
