using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Extensions.AI.Chat;

/// <summary>A stage of a pipeline that routes by MetaLlm. The client within answers while MetaLlm itself cannot serve.</summary>
internal sealed partial class RoutedPipelineClient(IChatClient inner, MetaLlmChatClient router, ILogger logger) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var asked = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        try
        {
            return await router.GetResponseAsync(asked, options, cancellationToken).ConfigureAwait(false);
        }
        catch (MetaLlmException e) when (e.IsUnavailable)
        {
            LogUnavailable(logger, router.Tenant, e.Message);
            return await base.GetResponseAsync(asked, OfInner(options), cancellationToken).ConfigureAwait(false);
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var asked = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var updates = await BeginAsync(asked, options, cancellationToken).ConfigureAwait(false);
        await using var updatesEnd = updates.ConfigureAwait(false);
        do
        {
            yield return updates.Current;
        }
        while (await updates.MoveNextAsync().ConfigureAwait(false));
    }

    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(MetaLlmChatClient) ? router : base.GetService(serviceType, serviceKey);

    /// <returns>Updates, of which the first has come.</returns>
    private async ValueTask<IAsyncEnumerator<ChatResponseUpdate>> BeginAsync(IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var updates = router.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            await updates.MoveNextAsync().ConfigureAwait(false);
            return updates;
        }
        catch (Exception e)
        {
            await updates.DisposeAsync().ConfigureAwait(false);
            if (e is not MetaLlmException { IsUnavailable: true })
            {
                throw;
            }

            LogUnavailable(logger, router.Tenant, e.Message);
        }

        var instead = base.GetStreamingResponseAsync(messages, OfInner(options), cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            return await instead.MoveNextAsync().ConfigureAwait(false) ? instead : throw new InvalidOperationException("The client that answers instead gave no update.");
        }
        catch
        {
            await instead.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The client within knows neither the tenant's models nor what is asked of routing.</summary>
    private static ChatOptions? OfInner(ChatOptions? options)
    {
        if (options is null)
        {
            return null;
        }

        var own = options.Clone();
        own.ModelId = null;
        own.AdditionalProperties?.Remove(MetaLlmProperties.Wishes);
        return own;
    }

    [LoggerMessage(2101, LogLevel.Warning, "Tenant {Tenant} cannot be served by MetaLlm at the moment; the client within the pipeline answers instead, and nothing is booked or learned. {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string tenant, string reason);
}
