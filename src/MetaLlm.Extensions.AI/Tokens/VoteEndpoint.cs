using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ErrorCode = MetaLlm.Gateway.Http.ErrorCode;

namespace MetaLlm.Extensions.AI.Tokens;

/// <summary>Takes votes of browsers, which have a token instead of a key.</summary>
internal sealed class VoteEndpoint(FeedbackTokens tokens, IFeedbackClient feedback)
{
    /// <summary>Longest body, bytes: the longest comment, and a token.</summary>
    public const long LongestBody = 32_768;

    public async Task<IResult> HandleAsync(VoteBody vote, CancellationToken cancellationToken)
    {
        if (!tokens.TryRead(vote.Token, out var decision))
        {
            return Problem(StatusCodes.Status403Forbidden, "invalid_token", "The token is not good, or has expired.");
        }

        if (vote.Reward.ValueKind is not (JsonValueKind.Number or JsonValueKind.Null))
        {
            return Problem(StatusCodes.Status400BadRequest, ErrorCode.InvalidValue.Name, "'reward' must be a number from 0 to 1, or null to take back what was said.");
        }

        try
        {
            var reward = vote.Reward.ValueKind == JsonValueKind.Null ? (double?)null : vote.Reward.GetDouble();
            return await feedback.SendAsync(new Feedback { DecisionId = decision, Reward = reward, Comment = vote.Comment }, cancellationToken).ConfigureAwait(false) switch
            {
                FeedbackStatus.Accepted => Results.Json(new { status = "accepted" }),
                FeedbackStatus.Duplicate => Results.Json(new { status = "duplicate" }),
                FeedbackStatus.Deferred => Results.Json(new { status = "deferred" }, statusCode: StatusCodes.Status202Accepted),
                FeedbackStatus.NeverRan => Problem(ErrorCode.NeverRan.Status, ErrorCode.NeverRan.Name, "The call gave no answer, so that there is nothing to judge."),
                FeedbackStatus.Conflict => Problem(ErrorCode.IdempotencyConflict.Status, ErrorCode.IdempotencyConflict.Name, "The vote differs from an earlier one with the same key."),
                _ => Problem(ErrorCode.DecisionNotFound.Status, ErrorCode.DecisionNotFound.Name, "There is no such decision."),
            };
        }
        catch (MetaLlmException e)
        {
            return Problem(e.StatusCode, e.Code, e.Message);
        }
    }

    private static IResult Problem(int status, string code, string detail) =>
        Results.Problem(detail, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code });
}
