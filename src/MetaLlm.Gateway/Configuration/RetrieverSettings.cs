using System.ComponentModel.DataAnnotations;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Configuration;

/// <summary>
/// A retriever: what looks text up for prompts of models with <c>retriever</c>. With <c>url</c> it is a webhook; without, the application registers an <c>IRetriever</c> under its name.
/// </summary>
public sealed class RetrieverSettings
{
    private const double MostUsd = 100;
    private const int LongestText = 1_000_000;

    /// <summary>
    /// Where questions are posted to: <c>{"tenant","question","task","decision","model"}</c>. The answer is <c>{"text":"..."}</c> with status 200, or status 204 where there is nothing to say.
    /// </summary>
    [StringLength(2048)]
    public string? Url { get; init; }

    /// <summary>Environment variable that holds the bearer key that is sent there; without it none is sent.</summary>
    public EnvironmentValue? ApiKeyEnvironment { get; init; }

    /// <summary>File that holds that key, instead of an environment variable. Its changes are followed.</summary>
    [StringLength(4096)]
    public SecretFile? ApiKeyFile { get; init; }

    /// <summary>What an answer of it costs, USD; it is part of what a call costs, and of what caps set aside.</summary>
    [Range(0.0, MostUsd)]
    public double UsdPerCall { get; init; }

    /// <summary>Time to its answer. The time counts as the model's.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:02:00", MinimumIsExclusive = true)]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether a model is called without the text where it fails. Otherwise the model counts as failed, and the next one takes over.</summary>
    public bool FailOpen { get; init; } = true;

    /// <summary>Tokens of text to expect before anything was observed.</summary>
    [Range(0, LongestText)]
    public int Tokens { get; init; } = 500;

    /// <summary>Longest text that is used, bytes in UTF-8; what is longer is cut. Caps set aside for it whole.</summary>
    [Range(1, LongestText)]
    public int MaxBytes { get; init; } = 8192;

    /// <summary>The address; null where the application brings the retriever.</summary>
    internal Uri? Address { get; private set; }

    internal string? Key => ApiKeyFile?.Value ?? ApiKeyEnvironment?.Value;

    internal void Complete(SettingsErrors errors)
    {
        if (Url is not null)
        {
            Address = Uri.TryCreate(Url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 ? uri : null;
            if (Address is null)
            {
                errors.Add("url", $"is '{Url}'; it must be an http or https address without user or password.");
            }
        }

        if (ApiKeyEnvironment is not null && ApiKeyFile is not null)
        {
            errors.Add("apiKeyFile", "is given beside apiKeyEnvironment; only one of them may be.");
        }

        if (Url is null && (ApiKeyEnvironment is not null || ApiKeyFile is not null))
        {
            errors.Add(ApiKeyFile is null ? "apiKeyEnvironment" : "apiKeyFile", "needs url beside it; a retriever of the application is sent no key.");
        }

        if (Tokens > MaxBytes)
        {
            errors.Add("tokens", $"is {Tokens}; it must be at most maxBytes, {MaxBytes}.");
        }
    }

    /// <param name="name">Its name.</param>
    internal ArmRetrieval ToRetrieval(string name) => new(name, Timeout, FailOpen, UsdPerCall, MaxBytes);
}
