using System.Runtime.CompilerServices;
using MetaLlm.Engine.Routing;
using MetaLlm.Extensions.AI.Chat;
using MetaLlm.Gateway.Chat;
using MetaLlm.Gateway.Surfaces;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Extensions.AI;

/// <summary>
/// Asks the model that is worth its money, chosen anew for each request by what the tenant's feedback has taught. Calls are made from this process, by the same path as
/// <c>POST /v1/chat/completions</c>: budgets, limits, circuit breakers, rerouting, conversations and learning are those of the tenant. There is no HTTP in between.
/// </summary>
/// <remarks>
/// <para>
/// Safe for concurrent use. <see cref="ChatOptions.ModelId"/> pins one of the tenant's models; null and <c>auto</c> leave the choice to the policy. <see cref="MetaLlmChatExtensions.WithRouting"/> asks for more.
/// Other additional properties of the options go to the model as members of a chat completion request.
/// </para>
/// <para>
/// Answers carry their decision, see <see cref="MetaLlmProperties"/>. An answer that is not read to its end is settled with what came of it. No history is kept here: callers send all messages.
/// </para>
/// </remarks>
public sealed class MetaLlmChatClient : IChatClient
{
    private static readonly ChatClientMetadata Metadata = new("metallm", providerUri: null, ChatBody.Auto);

    private readonly LocalChat _chat;

    /// <summary>Creates a client.</summary>
    /// <param name="services">Services of an application with MetaLlm: a silo or a client of silos, and a gateway.</param>
    /// <param name="tenant">The tenant whose models, budgets and policy it uses.</param>
    /// <exception cref="InvalidOperationException">The gateway is not among the services.</exception>
    public MetaLlmChatClient(IServiceProvider services, string tenant)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        _chat = services.GetRequiredService<LocalChat>();
        Tenant = tenant;
    }

    /// <summary>The tenant whose models, budgets and policy it uses.</summary>
    public string Tenant { get; }

    /// <inheritdoc/>
    /// <exception cref="MetaLlmException">The request got no answer; the exception has the code that the gateway's clients get.</exception>
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return TellingAsync(() => AskAsync(messages, options, cancellationToken));
    }

    /// <inheritdoc/>
    /// <remarks>Another model takes over for as long as nothing was handed out. What fails after that ends the enumeration with an exception.</remarks>
    /// <exception cref="MetaLlmException">The request got no answer, or the answer broke off; the exception has the code that the gateway's clients get.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var call = await TellingAsync(() => _chat.StartAsync(Tenant, ChatBody.Write(messages, options, stream: true), cancellationToken)).ConfigureAwait(false);
        await using var callEnd = call.ConfigureAwait(false);
        var reader = new ContentReader();
        var parts = call.ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var partsEnd = parts.ConfigureAwait(false);

        // The first update says how the request was routed, before there is text.
        yield return Update(call, [], Describe(call.Call));
        while (await TellingAsync(() => NextAsync(parts, reader)).ConfigureAwait(false))
        {
            if (reader.Take() is { Count: > 0 } contents)
            {
                yield return Update(call, contents);
            }
        }

        var last = Update(call, reader.TakeCalls());
        last.FinishReason = reader.ToFinishReason();
        if (reader.ToUsage() is { } usage)
        {
            last.Contents.Add(new UsageContent(usage));
        }

        yield return last;
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? Metadata
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Does nothing: what it uses belongs to the application.</summary>
    public void Dispose()
    {
    }

    private async Task<ChatResponse> AskAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var call = await _chat.StartAsync(Tenant, ChatBody.Write(messages, options, stream: false), cancellationToken).ConfigureAwait(false);
        await using var callEnd = call.ConfigureAwait(false);
        var reader = new ContentReader();
        await foreach (var part in call.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            reader.Read(part);
        }

        var id = ChatIds.FromDecision(call.Decision.DecisionId);
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, [.. reader.Take(), .. reader.TakeCalls()]) { MessageId = id })
        {
            ResponseId = id,
            ModelId = call.Call.ServedArm,
            CreatedAt = call.Decision.At,
            FinishReason = reader.ToFinishReason(),
            Usage = reader.ToUsage(),
            AdditionalProperties = Describe(call.Call),
        };
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<ReadOnlyMemory<byte>> parts, ContentReader reader)
    {
        if (!await parts.MoveNextAsync().ConfigureAwait(false))
        {
            return false;
        }

        var events = parts.Current;
        while (ChatEvents.TryNext(ref events, out var data))
        {
            if (!ChatEvents.IsEnd(data))
            {
                reader.Read(data);
            }
        }

        return true;
    }

    private static async Task<T> TellingAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (OperationCanceledException or MetaLlmException) && MetaLlmException.From(e) is { } told)
        {
            throw told;
        }
    }

    private static ChatResponseUpdate Update(LocalCall call, IList<AIContent> contents, AdditionalPropertiesDictionary? properties = null)
    {
        var id = ChatIds.FromDecision(call.Decision.DecisionId);
        return new ChatResponseUpdate(ChatRole.Assistant, contents)
        {
            ResponseId = id,
            MessageId = id,
            ModelId = call.Call.ServedArm,
            CreatedAt = call.Decision.At,
            AdditionalProperties = properties,
        };
    }

    private static AdditionalPropertiesDictionary Describe(RoutedCall call)
    {
        var decision = call.Decision;
        var properties = new AdditionalPropertiesDictionary
        {
            [MetaLlmProperties.DecisionId] = decision.DecisionId,
            [MetaLlmProperties.Model] = call.ServedArm,
            [MetaLlmProperties.Policy] = decision.Policy,
            [MetaLlmProperties.Attempts] = call.Attempts,
        };
        if (call.ServedArm == decision.ChosenArm)
        {
            properties[MetaLlmProperties.Propensity] = decision.Propensity;
        }

        return properties;
    }
}
