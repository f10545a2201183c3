using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Http;
using MetaLlm.Providers.Json;
using MetaLlm.Providers.Streaming;

namespace MetaLlm.Providers;

/// <summary>Calls any upstream that speaks the OpenAI chat completion format, and passes on whatever it does not know.</summary>
/// <param name="clients">Connection pools.</param>
/// <param name="time">The clock of every limit.</param>
internal sealed class OpenAiChatProvider(UpstreamHttpClients clients, TimeProvider time) : IChatProvider
{
    private const int MaxAnswerBytes = 64 * 1024 * 1024;
    private const string Json = "application/json";
    private static readonly string[] RelayedHeaders = ["x-request-id", "openai-processing-ms"];
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<Uri, Uri> _addresses = new();

    /// <inheritdoc/>
    public async ValueTask<ChatResponse> SendAsync(ChatCall call, CancellationToken cancellationToken)
    {
        var body = RequestBody.For(call);
        var timer = new CallTimer(call.Endpoint.Timeouts, time, cancellationToken);
        HttpResponseMessage? response = null;
        try
        {
            if (call.Stream)
            {
                timer.FirstByte();
            }

            return await timer.RunAsync(async () =>
            {
                response = await ConnectAsync(call, body, timer.Token).ConfigureAwait(false);
                return await BeginAsync(response, call, body, timer).ConfigureAwait(false);
            }, CancellationToken.None).ConfigureAwait(false);
        }
        catch
        {
            response?.Dispose();
            timer.Dispose();
            throw;
        }
    }

    private async ValueTask<ChatResponse> BeginAsync(HttpResponseMessage response, ChatCall call, RequestBody body, CallTimer timer)
    {
        var status = (int)response.StatusCode;
        if (UpstreamStatus.IsRequestAtFault(status))
        {
            return Whole(response, timer, await ReadBodyAsync(response, timer.Token).ConfigureAwait(false), null, 0);
        }

        if (!response.IsSuccessStatusCode)
        {
            throw UpstreamStatus.ToFailure(response, time);
        }

        if (!call.Stream)
        {
            var bytes = await ReadBodyAsync(response, timer.Token).ConfigureAwait(false);
            var facts = ReadAnswer(bytes);
            return Whole(response, timer, new AnswerRewriter(call).Rewrite([], bytes, [], dropUsage: false), facts.Usage, facts.OutputCharacters);
        }

        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            throw new ChatProviderException(
                ChatFailure.BadAnswer, $"A stream was asked for; the upstream sent '{response.Content.Headers.ContentType?.MediaType}'.");
        }

        var answer = await StreamedAnswer.BeginAsync(response, call, body.AddedUsage, timer).ConfigureAwait(false);
        return new ChatResponse(status, ContentType(response), Relayed(response), answer.ReadAsync(CancellationToken.None), answer);
    }

    /// <summary>Sends the request. What never reached the upstream is repeated; anything later might be answered, and charged, twice.</summary>
    private async Task<HttpResponseMessage> ConnectAsync(ChatCall call, RequestBody body, CancellationToken cancellationToken)
    {
        var invoker = clients.For(call.Endpoint.Timeouts.Connect);
        for (var retry = 0; ; retry++)
        {
            try
            {
                using var request = Request(call, body);
                return await invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (HttpRequestException e) when (retry < call.Endpoint.ConnectRetries && NeverArrived(e))
            {
                // Half to one and a half times the pause, so that calls which failed together do not come back together.
                await Task.Delay(FirstPause * Math.Pow(2, retry) * (0.5 + Random.Shared.NextDouble()), time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static bool NeverArrived(HttpRequestException error) =>
        error.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError;

    private HttpRequestMessage Request(ChatCall call, RequestBody body)
    {
        // To parse an address or a media type takes longer than to send it, and these are the same in every call.
        var address = _addresses.GetOrAdd(call.Endpoint.BaseAddress, static b => new Uri(b.AbsoluteUri.TrimEnd('/') + "/chat/completions"));
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ReadOnlyMemoryContent(body.Bytes) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", Json);
        request.Headers.TryAddWithoutValidation("Accept", call.Stream ? "text/event-stream" : Json);
        if (call.Endpoint.ApiKey is { } key)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return request;
    }

    private static async Task<byte[]> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken).ConfigureAwait(false);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
    }

    private static AnswerFacts ReadAnswer(byte[] bytes)
    {
        AnswerFacts facts;
        try
        {
            facts = AnswerFacts.Read(bytes);
        }
        catch (JsonException e)
        {
            throw new ChatProviderException(ChatFailure.BadAnswer, "The answer is no JSON object.", e);
        }

        return facts.HasChoices ? facts : throw new ChatProviderException(ChatFailure.BadAnswer, "The answer has no choices.");
    }

    private static ChatResponse Whole(
        HttpResponseMessage response, CallTimer timer, ReadOnlyMemory<byte> body, Core.Arms.TokenUsage? usage, int characters)
    {
        var part = new ChatPart(body, usage, characters, IsLast: true);
        var result = new ChatResponse((int)response.StatusCode, ContentType(response), Relayed(response), new[] { part }.ToAsyncEnumerable(), null);
        response.Dispose();
        timer.Dispose();
        return result;
    }

    private static string ContentType(HttpResponseMessage response) =>
        response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type) && Ascii.IsValid(type.ToString()) ? type.ToString() : Json;

    private static List<KeyValuePair<string, string>> Relayed(HttpResponseMessage response)
    {
        var relayed = new List<KeyValuePair<string, string>>(RelayedHeaders.Length);
        foreach (var name in RelayedHeaders)
        {
            // A server refuses to send a header with any other character, and the answer with it.
            if (response.Headers.NonValidated.TryGetValues(name, out var values) && Ascii.IsValid(values.ToString()))
            {
                relayed.Add(new(name, values.ToString()));
            }
        }

        return relayed;
    }
}
