using System.Collections.Concurrent;
using Azure.Core;

namespace MetaLlm.Providers.Tests.Credentials;

/// <summary>Gives tokens of Entra ID, numbered, or fails.</summary>
internal sealed class ScriptedCredential(string name, TimeProvider time) : TokenCredential
{
    private int _tokens;

    public bool Fails { get; set; }

    public ConcurrentQueue<string> Scopes { get; } = new();

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        Scopes.Enqueue(requestContext.Scopes.Single());
        return Fails ? throw new InvalidOperationException("no identity") : new AccessToken($"{name}-{++_tokens}", time.GetUtcNow().AddHours(1));
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
}
