using System.ComponentModel.DataAnnotations;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace MetaLlm.Gateway.Configuration;

/// <summary>Which pages in browsers may call the gateway. Without an origin none may. Management is open to no page.</summary>
public sealed record CorsSettings
{
    private const int Most = 64;
    private const string Any = "*";

    private static readonly string[] Known = ["GET", "HEAD", "POST", "DELETE"];

    /// <summary>What scripts may read of an answer beside its body.</summary>
    private static readonly string[] Exposed =
    [
        MetaLlmHeaders.DecisionId, MetaLlmHeaders.Model, MetaLlmHeaders.Policy, MetaLlmHeaders.Propensity, MetaLlmHeaders.Attempts, MetaLlmHeaders.Replayed, MetaLlmHeaders.Cache, MetaLlmHeaders.Similarity,
        "x-metallm-adapted-parameters", "x-request-id", "request-id", "openai-processing-ms", "Retry-After", MetaLlmHeaders.RetryAfterMilliseconds,
        "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests", "x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens",
    ];

    /// <summary>The origins of those pages, such as <c>https://app.example.com</c>, or <c>*</c> for every page, which is not possible with an <c>anonymousTenant</c>.</summary>
    [StringLength(512)]
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>Headers that they may send; <c>*</c> for any.</summary>
    [StringLength(128), RegularExpression("\\*|[!#$%&'*+.^_`|~0-9A-Za-z-]+", ErrorMessage = "it must be the name of a header, or *")]
    public IReadOnlyList<string> Headers { get; init; } = [Any];

    /// <summary>Methods that they may use.</summary>
    [AllowedValues("GET", "HEAD", "POST", "DELETE")]
    public IReadOnlyList<string> Methods { get; init; } = Known;

    /// <summary>How long browsers may remember that, seconds.</summary>
    /// <value>Default 600; 0 to 86,400.</value>
    [Range(0, 86_400)]
    public int MaxAgeSeconds { get; init; } = 600;

    /// <summary>What browsers are told; null where no page may call.</summary>
    internal CorsPolicy? Policy { get; private set; }

    /// <param name="hasAnonymousTenant">Whether callers without a key are served.</param>
    /// <param name="errors">Receives every contradiction.</param>
    internal void Complete(bool hasAnonymousTenant, SettingsErrors errors)
    {
        if (Origins.Count > Most)
        {
            errors.Add("origins", $"has {Origins.Count} entries; {Most} are the most.");
        }

        for (var i = 0; i < Origins.Count; i++)
        {
            if (Origins[i] == Any && hasAnonymousTenant)
            {
                errors.At("origins").At(i).Add(null, "is '*' beside anonymousTenant; every page could then spend that tenant's money, so that origins must be named.");
            }
            else if (Origins[i] != Any && !IsOrigin(Origins[i]))
            {
                errors.At("origins").At(i).Add(null, $"is '{Origins[i]}'; it must be an origin, such as https://app.example.com or http://localhost:3000, or *.");
            }
        }

        if (Origins.Count > 0)
        {
            Policy = Build();
        }
    }

    /// <summary>An origin as browsers send it: scheme, host, and the port unless it is the scheme's own.</summary>
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && text == uri.GetLeftPart(UriPartial.Authority) && uri.UserInfo.Length == 0;

    private CorsPolicy Build()
    {
        var policy = new CorsPolicyBuilder().WithMethods([.. Methods]).WithExposedHeaders(Exposed).SetPreflightMaxAge(TimeSpan.FromSeconds(MaxAgeSeconds));
        _ = Origins.Contains(Any) ? policy.AllowAnyOrigin() : policy.WithOrigins([.. Origins]);
        _ = Headers.Contains(Any) ? policy.AllowAnyHeader() : policy.WithHeaders([.. Headers]);
        return policy.Build();
    }
}
