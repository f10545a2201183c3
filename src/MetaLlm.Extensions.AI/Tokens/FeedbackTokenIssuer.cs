using Microsoft.AspNetCore.DataProtection;

namespace MetaLlm.Extensions.AI.Tokens;

/// <summary>Makes the makers of tokens, one for each tenant.</summary>
internal sealed class FeedbackTokenIssuer(IDataProtectionProvider protection, TimeProvider time)
{
    public FeedbackTokens Of(string tenant) => new(protection, tenant, time);
}
