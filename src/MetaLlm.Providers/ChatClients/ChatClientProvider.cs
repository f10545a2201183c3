using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Dialects;
using MetaLlm.Providers.Dialects.OpenAi;
using MetaLlm.Providers.Http;
using MetaLlm.Providers.Json;
using MetaLlm.Providers.Objections;
using MetaLlm.Providers.Streaming;
using MetaLlm.Providers.Usage;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ChatResponse = MetaLlm.Engine.Ports.ChatResponse;

namespace MetaLlm.Providers.ChatClients;

/// <summary>
/// Calls clients that the application brings, registered under their upstreams' names: <c>services.AddKeyedSingleton&lt;IChatClient&gt;("name", ...)</c>. What it
/// gets passes through the same reading of answers as that of other upstreams. Repeating calls is the client's own affair.
/// </summary>
/// <param name="services">Where clients come from.</param>
/// <param name="metrics">Counts.</param>
/// <param name="time">The clock of every limit.</param>
internal sealed class ChatClientProvider(IServiceProvider services, ProviderMetrics metrics, TimeProvider time) : IChatProvider
{
    private const string Json = "application/json";
    private static readonly OpenAiDialect AsWritten = new();

    /// <inheritdoc/>
    public async ValueTask<ChatResponse> SendAsync(ChatCall call, CancellationToken cancellationToken)
    {
        var name = call.Endpoint.Name;
        var client = services.GetKeyedService<IChatClient>(name)
            ?? throw new ChatProviderException(ChatFailure.Refused, $"No IChatClient is registered under the key '{name}' in this process.") { NeverSent = true };
        var timer = new CallTimer(call.Endpoint.Timeouts, time, cancellationToken);
        try
        {
            return await timer.RunAsync(() => SendAsync(client, call, timer), CancellationToken.None).ConfigureAwait(false);
        }
        catch
        {
            timer.Dispose();
            throw;
        }
    }

    private async ValueTask<ChatResponse> SendAsync(IChatClient client, ChatCall call, CallTimer timer)
    {
        var body = RequestBody.For(call, Cures.None);
        var (messages, options) = Read(call, body);
        var judge = new UsageJudge(call, metrics);
        if (call.Stream)
        {
            timer.FirstByte();
            var events = new ChatClientEvents(client.GetStreamingResponseAsync(messages, options, timer.Token), call.Endpoint.Name, judge, time.GetUtcNow(), timer.Token);
            var answer = await StreamedAnswer.BeginAsync(null, events, new EventTranslator(call, body.AddedUsage, judge), timer).ConfigureAwait(false);
            return new ChatResponse(200, "text/event-stream", [], answer.ReadAsync(CancellationToken.None), answer);
        }

        timer.Plain();
        Microsoft.Extensions.AI.ChatResponse whole;
        try
        {
            whole = await client.GetResponseAsync(messages, options, timer.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (ChatClientFailures.IsOfClient(e))
        {
            throw ChatClientFailures.ToFailure(e);
        }

        using var chat = new CompletionWriter(time.GetUtcNow());
        var part = PlainAnswer.Read(call, ChatClientAnswer.Write(chat, whole, call.Endpoint.Name), AsWritten, judge);
        timer.Dispose();
        return new ChatResponse(200, Json, [], new[] { part }.ToAsyncEnumerable(), null);
    }

    /// <summary>A model that is called as its upstream is the client itself, which knows its model best.</summary>
    private static string? Model(ChatCall call) => call.Model == call.Endpoint.Name ? null : call.Model;

    private static (List<ChatMessage> Messages, ChatOptions Options) Read(ChatCall call, RequestBody body)
    {
        using var document = JsonDocument.Parse(body.Bytes);
        try
        {
            return (ChatClientMessages.Read(document.RootElement, call.Endpoint.Name), ChatClientOptions.Read(document.RootElement, Model(call)));
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or UriFormatException)
        {
            throw Untranslatable.Member("messages", "holds what is no text, address or data in base64 where one is needed.");
        }
    }
}
