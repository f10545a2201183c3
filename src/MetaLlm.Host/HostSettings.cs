using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Text.Json.Serialization;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Configuration;
using MetaLlm.WebConsole;

namespace MetaLlm.Host;

/// <summary>The whole configuration of a process that is a gateway, a silo, or both.</summary>
public sealed class HostSettings : NodeSettings
{
    private const string DefaultListen = "http://127.0.0.1:8080";

    // A page in a browser on this machine must not reach the gateway by a name that it made resolve to this machine.
    private static readonly string[] OfThisMachine = ["localhost", "127.0.0.1", "[::1]"];

    private static readonly string[] TakenPaths = ["admin", "health", "metrics", "openapi", "scalar", "v1"];

    /// <summary>Addresses to listen on, each <c>http://ADDRESS:PORT</c> with an IP address or <c>localhost</c>. TLS ends in front of the gateway.</summary>
    [NeedsRestart, JsonPropertyName("listen")]
    public IReadOnlyList<string> ListenTexts { get; init; } = [DefaultListen];

    /// <summary>
    /// Hosts that requests may name in their <c>Host</c> header, without ports; <c>*.example.com</c> is every host below that name, and <c>*</c> every host. The names of this machine
    /// (<c>localhost</c>, <c>127.0.0.1</c>, <c>[::1]</c>) are served besides. Without the list these alone are served while the gateway listens on loopback only, and every host otherwise.
    /// </summary>
    [NeedsRestart]
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>
    /// For how long a process that is to stop lets running calls go on; it takes no new ones. Answers that are not whole then end with an error. Some seconds
    /// more are for saving, so that whoever kills the process must wait 30 seconds longer than this.
    /// </summary>
    [NeedsRestart, Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Drain { get; init; } = ShutdownTimes.Drain;

    /// <summary>Pages for people who run the router.</summary>
    public ConsoleSettings Console { get; init; } = new();

    /// <summary>The engine that holds tenants. There is one, so that the member may be left out.</summary>
    [NeedsRestart, AllowedValues("orleans")]
    public string Engine { get; init; } = "orleans";

    /// <summary>Addresses to listen on.</summary>
    public IReadOnlyList<Uri> Listen { get; private set; } = [];

    /// <summary>Whether other machines cannot reach it.</summary>
    public bool IsLocal => Listen.All(address => address.IsLoopback);

    /// <summary>Hosts that requests may name; empty for every host.</summary>
    public IReadOnlyList<string> HostsServed { get; private set; } = [];

    /// <inheritdoc/>
    public override void Complete(SettingsContext context, SettingsErrors errors)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(errors);
        base.Complete(context, errors);
        Listen = ReadListen(context.Listen ?? ListenTexts, errors.At("listen"));
        HostsServed = ReadHosts(errors.At("allowedHosts"));
        if (TakenPaths.Contains(Console.Path.Trim('/').Split('/')[0], StringComparer.OrdinalIgnoreCase))
        {
            errors.At("console").Add("path", $"is '{Console.Path}'; the gateway's own endpoints begin with /{string.Join(", /", TakenPaths)}.");
        }

        if (AnonymousTenant is not null && Listen.FirstOrDefault(a => !a.IsLoopback) is { } address)
        {
            errors.Add("anonymousTenant", $"is '{AnonymousTenant}' while the gateway listens on {address}; callers without a key are served on loopback only.");
        }
    }

    private List<string> ReadHosts(SettingsErrors errors)
    {
        for (var i = 0; i < AllowedHosts.Count; i++)
        {
            var host = AllowedHosts[i];
            var name = host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host;
            if (name != "*" && Uri.CheckHostName(name) is UriHostNameType.Unknown or UriHostNameType.IPv6 && !(name.StartsWith('[') && IPAddress.TryParse(name, out _)))
            {
                errors.At(i).Add(null, $"is '{host}'; it must be a name, an address ([…] around IPv6), *.NAME or *, without a port.");
            }
        }

        return AllowedHosts.Count > 0 ? [.. OfThisMachine, .. AllowedHosts] : IsLocal ? [.. OfThisMachine] : [];
    }

    private static List<Uri> ReadListen(IReadOnlyList<string> texts, SettingsErrors errors)
    {
        if (texts.Count == 0)
        {
            errors.Add(null, "is empty; at least one address is needed.");
        }

        var addresses = new List<Uri>();
        for (var i = 0; i < texts.Count; i++)
        {
            if (Uri.TryCreate(texts[i], UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp
                && uri.AbsolutePath == "/" && (IPAddress.TryParse(uri.DnsSafeHost, out _) || uri.Host == "localhost"))
            {
                addresses.Add(uri);
            }
            else
            {
                errors.At(i).Add(null, $"is '{texts[i]}'; it must be http://ADDRESS:PORT with an IP address or localhost (TLS ends in front of the gateway).");
            }
        }

        return addresses;
    }
}
