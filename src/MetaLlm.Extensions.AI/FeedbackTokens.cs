using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Feedback;
using Microsoft.AspNetCore.DataProtection;

namespace MetaLlm.Extensions.AI;

/// <summary>
/// Tokens with which a browser may say what one answer was worth, and nothing else: the tenant's key stays on the server. A token names a decision, belongs to one tenant and expires. It is encrypted and signed by
/// ASP.NET's data protection, so that instances of an application which are to take each other's tokens share their data protection keys.
/// </summary>
/// <remarks>Safe for concurrent use. A token is no secret of the server, but whoever has it may vote: it belongs into the page of the user who got the answer.</remarks>
public sealed class FeedbackTokens
{
    private const string Purpose = "MetaLlm.FeedbackToken.1";

    private readonly IDataProtector _protector;
    private readonly TimeProvider _time;

    internal FeedbackTokens(IDataProtectionProvider protection, string tenant, TimeProvider time)
    {
        (_protector, _time) = (protection.CreateProtector(Purpose, tenant), time);
        Tenant = tenant;
    }

    /// <summary>How long tokens are good unless somebody says otherwise.</summary>
    public static TimeSpan StandardLifetime { get; } = TimeSpan.FromDays(7);

    /// <summary>The tenant whose decisions they name.</summary>
    public string Tenant { get; }

    /// <summary>Makes a token.</summary>
    /// <param name="decisionId">The decision, or the id of the answer.</param>
    /// <param name="lifetime">How long it is good, above zero; null for <see cref="StandardLifetime"/>.</param>
    /// <returns>Some 200 characters that are legal in URLs.</returns>
    /// <exception cref="ArgumentException">The id is empty or longer than 128 characters.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The lifetime is not above zero.</exception>
    public string Create(string decisionId, TimeSpan? lifetime = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(decisionId);
        var time = lifetime ?? StandardLifetime;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero, nameof(lifetime));
        if (decisionId.Length > FeedbackReader.LongestId)
        {
            throw new ArgumentException($"decisionId has {decisionId.Length} characters; 1 to {FeedbackReader.LongestId} are legal.", nameof(decisionId));
        }

        var expiry = (_time.GetUtcNow() + time).ToUnixTimeSeconds();
        return _protector.Protect(string.Create(CultureInfo.InvariantCulture, $"{expiry} {ChatIds.ToDecision(decisionId)}"));
    }

    /// <summary>Reads a token.</summary>
    /// <param name="token">What a client sent; anything.</param>
    /// <param name="decisionId">The decision that it names; null where it is not good.</param>
    /// <returns>Whether it was made for this tenant with these data protection keys, and has not expired.</returns>
    public bool TryRead(string? token, [NotNullWhen(true)] out string? decisionId)
    {
        decisionId = null;
        if (string.IsNullOrEmpty(token))
        {
            return false;
        }

        string text;
        try
        {
            text = _protector.Unprotect(token);
        }
        catch (CryptographicException)
        {
            return false;
        }

        var space = text.IndexOf(' ', StringComparison.Ordinal);
        if (!long.TryParse(text.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out var expiry) || _time.GetUtcNow().ToUnixTimeSeconds() >= expiry)
        {
            return false;
        }

        decisionId = text[(space + 1)..];
        return true;
    }
}
