using MetaLlm.Extensions.AI;
using MetaLlm.Extensions.AI.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Takes the votes of browsers.</summary>
public static class MetaLlmFeedbackEndpointExtensions
{
    /// <summary>
    /// Maps an endpoint that takes feedback with a token of <see cref="FeedbackTokens"/> in place of a key: <c>POST {"token": "...", "reward": 1}</c>, with <c>"reward": null</c> to take it back, and <c>comment</c>.
    /// </summary>
    /// <remarks>
    /// It is open to whoever has a token: a token names one answer, and its holder can only say what that was worth. Cookies play no part, so that other sites have nothing to misuse. Add rate limits and a policy as to other endpoints.
    /// </remarks>
    /// <param name="app">The application.</param>
    /// <param name="pattern">Where it lies, such as <c>/feedback</c>.</param>
    /// <param name="key">The key of <c>AddKeyedMetaLlmChatClient</c>; null for the tenant of <c>AddMetaLlmChatClient</c>.</param>
    /// <returns>The endpoint, for policies.</returns>
    public static RouteHandlerBuilder MapMetaLlmFeedback(this IEndpointRouteBuilder app, string pattern, object? key = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        var services = app.ServiceProvider;
        var endpoint = new VoteEndpoint(services.GetRequiredKeyedService<FeedbackTokens>(key), services.GetRequiredKeyedService<IFeedbackClient>(key));
        return app.MapPost(pattern, endpoint.HandleAsync).WithMetadata(new BodyLimit()).AllowAnonymous().WithSummary("Say what an answer was worth");
    }

    private sealed class BodyLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => VoteEndpoint.LongestBody;
    }
}
