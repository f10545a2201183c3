using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole;

/// <summary>The files that pages load, from the assembly. Their address holds their hash, so that browsers keep them.</summary>
internal static class ConsoleAssets
{
    private const string Prefix = "MetaLlm.WebConsole.Assets.";

    private static readonly FrozenDictionary<string, (byte[] Bytes, string Version, string Type)> Files = typeof(ConsoleAssets).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Prefix.Length..], Read, StringComparer.Ordinal);

    /// <summary>What the address of a file ends with.</summary>
    /// <param name="name">Its name.</param>
    public static string VersionOf(string name) => Files[name].Version;

    /// <summary>A file as text.</summary>
    /// <param name="name">Its name.</param>
    public static string TextOf(string name) => System.Text.Encoding.UTF8.GetString(Files[name].Bytes);

    /// <summary>Answers with a file.</summary>
    /// <param name="context">The request, whose route names it.</param>
    public static Task WriteAsync(HttpContext context)
    {
        if (context.Request.RouteValues["file"] is not string name || !Files.TryGetValue(name, out var file))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        context.Response.Headers.CacheControl = context.Request.Query["v"] == file.Version ? "public, max-age=31536000, immutable" : "no-cache";
        return Results.Bytes(file.Bytes, file.Type).ExecuteAsync(context);
    }

    private static (byte[] Bytes, string Version, string Type) Read(string resource)
    {
        using var stream = typeof(ConsoleAssets).Assembly.GetManifestResourceStream(resource)!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        var bytes = copy.ToArray();
        return (bytes, Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 6)), TypeOf(resource));
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    };
}
