using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Host;
using Microsoft.Extensions.Configuration;

namespace MetaLlm.DeployLint;

/// <summary>Reads a gateway configuration with the gateway's own reader.</summary>
public static class ConfigurationCheck
{
    /// <summary>Reads a configuration.</summary>
    /// <param name="json">Its text.</param>
    /// <param name="file">Where it stands.</param>
    /// <param name="findings">Receives what the reader objects to.</param>
    /// <returns>The settings, and the environment variables and files that they were read from; null when they cannot be used.</returns>
    public static (HostSettings Settings, IReadOnlySet<string> Variables, IReadOnlySet<string> Files)? Read(string json, string file, ICollection<Finding> findings)
    {
        var variables = new SortedSet<string>(StringComparer.Ordinal);
        var files = new SortedSet<string>(StringComparer.Ordinal);
        var context = new SettingsContext
        {
            Files = new SecretFiles(path =>
            {
                files.Add(path);
                return System.Text.Encoding.UTF8.GetBytes("content-of-" + path);
            }),
            Variable = name =>
            {
                variables.Add(name);

                // Whatever a variable holds, it is set; the one address that is asked for is the pod's.
                return name.EndsWith("_IP", StringComparison.Ordinal) ? "192.0.2.1" : "value-of-" + name;
            },
        };
        try
        {
            json = WithoutTls(json, files);
            using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json));
            return (SettingsReader.Read<HostSettings>(new ConfigurationBuilder().AddJsonStream(stream).Build(), context), variables, files);
        }
        catch (SettingsException e)
        {
            foreach (var error in e.Errors)
            {
                findings.Add(new Finding(file, "", error.ToString()));
            }
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidDataException)
        {
            findings.Add(new Finding(file, "", $"is no JSON: {e.GetBaseException().Message}"));
        }

        return null;
    }

    /// <summary>The gateway looks at certificates when it reads where they are, and here they are not: their places are noted, and the rest is read.</summary>
    private static string WithoutTls(string json, SortedSet<string> files)
    {
        var tree = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        if (tree?["MetaLlm"]?["cluster"] is not JsonObject cluster || cluster["tls"] is not JsonObject tls)
        {
            return json;
        }

        files.UnionWith(tls.Select(member => member.Value!.GetValue<string>()));
        cluster.Remove("tls");
        return tree.ToJsonString();
    }
}
