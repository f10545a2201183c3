using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Admission;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Admission;

/// <summary>The limits of tokens, which are asked once a request was read.</summary>
internal static class TokenLimits
{
    /// <summary>Takes the tokens that a call may use.</summary>
    /// <param name="admitted">The call.</param>
    /// <param name="request">What it asks for.</param>
    /// <param name="cancellationToken">Ends the wait for a slice of the allowance.</param>
    /// <exception cref="ApiException">A limit has no room for the call.</exception>
    public static async ValueTask RequireTokensAsync(this AdmittedCall admitted, DecisionRequest request, CancellationToken cancellationToken)
    {
        var longest = request.Candidates is null ? request.MaxOutputTokens : 0;
        if (await admitted.TakeTokensAsync(request.Features.InputTokens, longest, request.Choices, cancellationToken).ConfigureAwait(false) is { } refusal)
        {
            throw new ApiException(AdmissionErrors.Refused(refusal));
        }
    }
}
