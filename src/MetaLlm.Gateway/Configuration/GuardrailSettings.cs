using System.ComponentModel.DataAnnotations;
using MetaLlm.Engine.Configuration;

namespace MetaLlm.Gateway.Configuration;

/// <summary>A check of texts that tenants may choose. Its address and key stand in the configuration file alone, as those of upstreams do.</summary>
public sealed class GuardrailSettings
{
    /// <summary>Where it runs.</summary>
    public GuardrailKind Kind { get; init; }

    /// <summary>Address that texts are sent to, for kind <c>webhook</c>: http or https.</summary>
    [StringLength(2048)]
    public string? Url { get; init; }

    /// <summary>Environment variable that holds the key that is sent as a bearer key; without it none is sent.</summary>
    public EnvironmentValue? KeyEnvironment { get; init; }

    /// <summary>File that holds that key, instead of an environment variable. Its changes are followed.</summary>
    [StringLength(4096)]
    public SecretFile? KeyFile { get; init; }

    /// <summary>Time for one look.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00", MinimumIsExclusive = true)]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>What becomes of texts while it cannot look at them.</summary>
    public GuardrailFailure OnFailure { get; init; }

    /// <summary>The address; null for kind <c>service</c>.</summary>
    internal Uri? Address { get; private set; }

    internal string? Key => KeyFile?.Value ?? KeyEnvironment?.Value;

    internal void Complete(SettingsErrors errors)
    {
        if (KeyEnvironment is not null && KeyFile is not null)
        {
            errors.Add("keyFile", "is given beside keyEnvironment; only one of them may be.");
        }

        if (Kind == GuardrailKind.Service)
        {
            foreach (var (member, isGiven) in ((string, bool)[])[("url", Url is not null), ("keyEnvironment", KeyEnvironment is not null), ("keyFile", KeyFile is not null)])
            {
                if (isGiven)
                {
                    errors.Add(member, "belongs to kind 'webhook'; this guardrail is of kind 'service'.");
                }
            }

            return;
        }

        if (Uri.TryCreate(Url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && uri.Query.Length == 0)
        {
            Address = uri;
            return;
        }

        errors.Add("url", Url is null
            ? "is missing; it must be an http or https address, such as https://guard.example.com/check."
            : $"is '{Url}'; it must be an http or https address without user, password or query, such as https://guard.example.com/check.");
    }
}
