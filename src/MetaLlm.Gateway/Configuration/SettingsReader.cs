using System.Net;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Tenants;
using Microsoft.Extensions.Configuration;

namespace MetaLlm.Gateway.Configuration;

/// <summary>Reads and checks the section <c>MetaLlm</c> as a whole.</summary>
public static class SettingsReader
{
    private const string DefaultListen = "http://127.0.0.1:8080";

    /// <summary>Reads the settings.</summary>
    /// <param name="configuration">The configuration; its section <c>MetaLlm</c> is read.</param>
    /// <param name="context">Environment and what the command line overrides.</param>
    /// <returns>Settings that can be used as they are.</returns>
    /// <exception cref="SettingsException">Something is wrong; the exception lists everything.</exception>
    public static MetaLlmSettings Read(IConfiguration configuration, SettingsContext context)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(context);
        var errors = new List<SettingsError>();
        var section = configuration.GetSection(MetaLlmSettings.SectionName);
        if (!section.Exists())
        {
            throw new SettingsException([new SettingsError(MetaLlmSettings.SectionName, "is missing; the configuration needs this object.")]);
        }

        var root = new SectionReader(section, errors);
        var role = ClusterReader.ReadRole(root);
        var upstreams = UpstreamReader.Read(root, role, context);
        var settings = new MetaLlmSettings
        {
            Listen = ReadListen(root, context),
            Engine = ClusterReader.ReadEngine(root, context),
            Role = role,
            Cluster = ClusterReader.Read(root, context),
            Storage = StorageReader.Read(root.Child("storage"), context),
            Embeddings = ReadEmbeddings(root.Child("embeddings")),
            AnonymousTenant = root.Text("anonymousTenant", TenantReader.LongestId),
            MetricsKeyHash = ReadKey(root.Child("metrics"), context),
            TraceUpstreams = ReadTracing(root.Child("tracing")),
            AdminKeyHash = ReadKey(root.Child("admin"), context),
            Limits = ReadLimits(root.Child("limits")),
            Routing = ReadRouting(root.Child("routing")),
            Upstreams = upstreams,
            Tenants = TenantReader.Read(root, role, upstreams, context),
        };
        CheckAnonymous(root, settings);
        CheckAdmin(root, settings);
        ClusterReader.Check(root, settings, context);
        root.RefuseUnknown();
        return errors.Count == 0 ? settings : throw new SettingsException(errors);
    }

    /// <summary>Reads where data are kept, and nothing else: who sets a database up needs no keys of upstreams.</summary>
    /// <param name="configuration">The configuration; <c>storage</c> of its section <c>MetaLlm</c> is read.</param>
    /// <param name="context">Environment and what the command line overrides.</param>
    /// <exception cref="SettingsException">Something is wrong with it; the exception lists everything.</exception>
    public static StorageSettings ReadStorage(IConfiguration configuration, SettingsContext context)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(context);
        var errors = new List<SettingsError>();
        var root = new SectionReader(configuration.GetSection(MetaLlmSettings.SectionName), errors);
        var storage = StorageReader.Read(root.Child("storage"), context);
        return errors.Count == 0 ? storage : throw new SettingsException(errors);
    }

    private static List<Uri> ReadListen(SectionReader root, SettingsContext context)
    {
        var configured = root.Words("listen");
        var addresses = new List<Uri>();
        foreach (var text in context.Listen ?? configured ?? [DefaultListen])
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp
                && uri.AbsolutePath == "/" && (IPAddress.TryParse(uri.DnsSafeHost, out _) || uri.Host == "localhost"))
            {
                addresses.Add(uri);
            }
            else
            {
                root.Fail("listen", $"has '{text}'; it must be http://ADDRESS:PORT with an IP address or localhost (TLS ends in front of the gateway).");
            }
        }

        return addresses;
    }

    private static EmbeddingSettings ReadEmbeddings(SectionReader embeddings)
    {
        var settings = new EmbeddingSettings(
            embeddings.Text("modelDirectory", 4096),
            (int?)embeddings.Integer("threads", 1, 256),
            embeddings.Flag("allowHashingFallback", fallback: false));
        embeddings.RefuseUnknown();
        return settings;
    }

    private static bool ReadTracing(SectionReader tracing)
    {
        var upstreams = tracing.Flag("upstreams", fallback: false);
        tracing.RefuseUnknown();
        return upstreams;
    }

    private static byte[]? ReadKey(SectionReader section, SettingsContext context)
    {
        var key = KeyVariable.Read(section, "keyEnvironment", context);
        section.RefuseUnknown();
        return key is null ? null : TenantKey.Hash(key);
    }

    private static GatewayLimits ReadLimits(SectionReader limits)
    {
        var standard = new GatewayLimits();
        var settings = new GatewayLimits
        {
            BodyBytes = (int?)limits.Integer("bodyBytes", 1024, 256 * 1024 * 1024) ?? standard.BodyBytes,
            FeedbackItems = (int?)limits.Integer("feedbackItems", 1, 100_000) ?? standard.FeedbackItems,
            WarmStartBytes = (int?)limits.Integer("warmStartBytes", 1024, 1024 * 1024 * 1024) ?? standard.WarmStartBytes,
            WarmStartRows = (int?)limits.Integer("warmStartRows", WarmStartSet.FewestRows, WarmStartSet.MostRows) ?? standard.WarmStartRows,
        };
        limits.RefuseUnknown();
        return settings;
    }

    private static RoutingOptions ReadRouting(SectionReader routing)
    {
        var standard = new RoutingOptions();
        var coolDown = routing.Seconds("coolDownSeconds", standard.CoolDown, 86_400);
        var maxCoolDown = routing.Seconds("maxCoolDownSeconds", standard.MaxCoolDown, 86_400);
        if (maxCoolDown < coolDown)
        {
            routing.Fail("maxCoolDownSeconds", $"is {maxCoolDown.TotalSeconds}; it must be at least coolDownSeconds ({coolDown.TotalSeconds}).");
        }

        var settings = new RoutingOptions
        {
            MaxAttempts = (int?)routing.Integer("maxAttempts", 1, 10) ?? standard.MaxAttempts,
            FailureThreshold = (int?)routing.Integer("failureThreshold", 1, 100) ?? standard.FailureThreshold,
            CoolDown = coolDown,
            MaxCoolDown = maxCoolDown,
        };
        routing.RefuseUnknown();
        return settings;
    }

    // A key says who is calling; one that says two things would let a tenant manage all others.
    private static void CheckAdmin(SectionReader root, MetaLlmSettings settings)
    {
        if (settings.AdminKeyHash is { } hash && settings.Tenants.Values.FirstOrDefault(t => t.KeyHashes.Any(key => TenantKey.Same(key, hash))) is { } tenant)
        {
            root.Fail("admin.keyEnvironment", $"names a key that tenant '{tenant.Id}' has too; every key must be another.");
        }
    }

    private static void CheckAnonymous(SectionReader root, MetaLlmSettings settings)
    {
        if (settings.AnonymousTenant is not { } tenant)
        {
            return;
        }

        if (!settings.Tenants.ContainsKey(tenant))
        {
            root.Fail("anonymousTenant", $"is '{tenant}', which is no tenant; tenants are {string.Join(", ", settings.Tenants.Keys)}.");
        }

        if (settings.Listen.FirstOrDefault(a => !a.IsLoopback) is { } address)
        {
            root.Fail("anonymousTenant", $"is '{tenant}' while the gateway listens on {address}; callers without a key are served on loopback only.");
        }
    }
}
