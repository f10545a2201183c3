using System.Net;
using MetaLlm.Engine;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Credentials;
using MetaLlm.Providers.Dialects;
using MetaLlm.Providers.Embeddings;
using MetaLlm.Providers.Json;
using MetaLlm.Providers.Objections;
using MetaLlm.Providers.Streaming;
using MetaLlm.Providers.Usage;

namespace MetaLlm.Providers.Http;

/// <summary>
/// Calls upstreams over HTTP: connects, holds calls to their limits, repeats what may be repeated, cures objections and judges counts. What requests and answers
/// look like is the dialect's.
/// </summary>
/// <param name="dialect">What the upstream speaks.</param>
/// <param name="clients">Connection pools.</param>
/// <param name="cures">What models took only after a change.</param>
/// <param name="authorizer">Shows upstreams who calls.</param>
/// <param name="metrics">Counts.</param>
/// <param name="time">The clock of every limit.</param>
internal sealed class HttpChatProvider(
    IChatDialect dialect, UpstreamHttpClients clients, CureBook cures, UpstreamAuthorizer authorizer, ProviderMetrics metrics, TimeProvider time) : IChatProvider
{
    /// <summary>Names the client's parameters that were left out or renamed for the model.</summary>
    private const string AdaptedHeader = "x-metallm-adapted-parameters";

    private const int MaxAnswerBytes = 64 * 1024 * 1024;
    private const int MaxCures = 4;
    private const string Json = "application/json";
    private const string Events = "text/event-stream";
    private static readonly Backoff Pauses = new(TimeSpan.FromMilliseconds(50), 2, TimeSpan.MaxValue);

    /// <inheritdoc/>
    public async ValueTask<ChatResponse> SendAsync(ChatCall call, CancellationToken cancellationToken)
    {
        var timer = new CallTimer(call.Endpoint.Timeouts, time, cancellationToken);
        try
        {
            return await timer.RunAsync(() => SendAsync(call, timer), CancellationToken.None).ConfigureAwait(false);
        }
        catch
        {
            timer.Dispose();
            throw;
        }
    }

    /// <summary>Sends the request, changed for as long as the model's objections say how, and once more where the upstream asks for that.</summary>
    private async ValueTask<ChatResponse> SendAsync(ChatCall call, CallTimer timer)
    {
        var known = cures.For(call);
        var applied = known;
        var (cured, retried) = (0, false);
        while (true)
        {
            var body = RequestBody.For(call, applied);
            var sent = NativeRequests.Write(dialect, call, body) ?? dialect.Write(call, body);
            StartLimit(call, timer);
            var response = await ConnectAsync(call, sent, timer.Token).ConfigureAwait(false);
            try
            {
                if (response.IsSuccessStatusCode)
                {
                    var answer = await BeginAsync(response, call, new Asked(body, sent), timer).ConfigureAwait(false);
                    Remember(call, known, applied);
                    return answer;
                }

                if (UpstreamStatus.IsObjection((int)response.StatusCode) || IsWithoutCompletions(call, response) || MayForbidProbabilities(body, response))
                {
                    var objection = Objection.Read((int)response.StatusCode, dialect.ReadObjection(await ReadObjectionAsync(response, timer).ConfigureAwait(false)));
                    applied = ++cured > MaxCures ? throw objection.ToFailure()
                        : applied.With(objection, body.Members(), body.AddedUsage) ?? applied.WithoutExtensionsAfter(objection, body.Bytes.Span) ?? throw objection.ToFailure();
                    response.Dispose();
                    continue;
                }

                var told = dialect.TellsPauses ? dialect.ReadPause(await ReadObjectionAsync(response, timer).ConfigureAwait(false)) : null;
                var failure = UpstreamStatus.ToFailure(response, time, told);
                var pause = retried ? null : UpstreamStatus.RetryPause(response, failure);
                response.Dispose();
                await Task.Delay(Backoff.Spread(pause ?? throw failure, Random.Shared.NextDouble()), time, timer.Token).ConfigureAwait(false);
                retried = true;
                metrics.Retried(call.Endpoint.Name, failure.Failure == ChatFailure.RateLimited ? "rate_limited" : "advised");
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
    }

    /// <summary>Most models of the format have chat alone. Their refusal of completions says nothing against them.</summary>
    private static bool IsWithoutCompletions(ChatCall call, HttpResponseMessage response) =>
        call.Kind == CallKind.Completions && response.StatusCode is (HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed);

    /// <summary>Some say with the status of a key that a model tells no probabilities.</summary>
    private static bool MayForbidProbabilities(RequestBody body, HttpResponseMessage response) =>
        (int)response.StatusCode == UpstreamStatus.Forbidden && body.Members().ContainsKey(Cures.Probabilities);

    private static void StartLimit(ChatCall call, CallTimer timer)
    {
        if (call.Stream)
        {
            timer.FirstByte();
        }
        else
        {
            timer.Plain();
        }
    }

    /// <summary>Only what helped is remembered: an objection may quote a prompt, and a prompt may say anything.</summary>
    private void Remember(ChatCall call, Cures known, Cures applied)
    {
        if (!ReferenceEquals(known, applied))
        {
            cures.Remember(call, applied);
            metrics.Cured(call.Endpoint.Name);
        }
    }

    private async ValueTask<ChatResponse> BeginAsync(HttpResponseMessage response, ChatCall call, Asked asked, CallTimer timer)
    {
        var judge = new UsageJudge(call, metrics);
        var native = asked.Sent.IsNative ? dialect as INativeDialect : null;
        if (!call.Stream)
        {
            var body = await BodyReader.ReadAnswerAsync(response, MaxAnswerBytes, timer).ConfigureAwait(false);
            var part = call.Kind == CallKind.Embeddings ? EmbeddingsAnswer.Read(call, body, judge) : PlainAnswer.Read(call, body, dialect, judge, native);
            var whole = new ChatResponse((int)response.StatusCode, ContentType(response), Relayed(response, asked), new[] { part }.ToAsyncEnumerable(), null) { IsNative = native is not null };
            response.Dispose();
            timer.Dispose();
            return whole;
        }

        if (!Is(response, dialect.StreamMediaType))
        {
            var error = Is(response, Json) && await BodyReader.ReadAsync(response, Objection.MostBytes, timer).ConfigureAwait(false) is { } text ? PlainAnswer.Error(dialect.ReadObjection(text)) : null;

            // What it says otherwise is the upstream's text, which may hold anything.
            throw error?.ToFailure(judge) ?? new ChatProviderException(ChatFailure.BadAnswer, "A stream was asked for; the upstream sent something else.");
        }

        var stream = await response.Content.ReadAsStreamAsync(timer.Token).ConfigureAwait(false);
        var chat = new EventTranslator(call, asked.Chat.AddedUsage, judge);
        var answer = await (native?.Translate(stream, judge) is { } events
            ? StreamedAnswer.BeginAsync(response, new NativeEvents(events), new NativeTranslator(call, native, events, chat), timer)
            : StreamedAnswer.BeginAsync(response, dialect.ReadEvents(stream, judge), chat, timer)).ConfigureAwait(false);
        var type = dialect.StreamMediaType == Events ? ContentType(response) : Events;
        return new ChatResponse((int)response.StatusCode, type, Relayed(response, asked), answer.ReadAsync(CancellationToken.None), answer) { IsNative = native is not null };
    }

    /// <summary>Sends the request. What never reached the upstream is repeated; anything later might be answered, and charged, twice.</summary>
    private async Task<HttpResponseMessage> ConnectAsync(ChatCall call, DialectRequest body, CancellationToken cancellationToken)
    {
        var invoker = clients.For(call.Endpoint.Timeouts.Connect);
        for (var retry = 0; ; retry++)
        {
            try
            {
                using var request = Request(call, body);
                if (!UpstreamAuthorizer.IsKeyEnough(call.Endpoint))
                {
                    await authorizer.AuthorizeAsync(request, call.Endpoint, body.Bytes, cancellationToken).ConfigureAwait(false);
                }

                return await invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (HttpRequestException e) when (retry < call.Endpoint.ConnectRetries && CallTimer.IsNeverSent(e))
            {
                await Task.Delay(Pauses.After(retry + 1, Random.Shared.NextDouble()), time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private HttpRequestMessage Request(ChatCall call, DialectRequest body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, dialect.Address(call)) { Content = new ReadOnlyMemoryContent(body.Bytes) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", Json);
        request.Headers.TryAddWithoutValidation("Accept", call.Stream ? dialect.StreamMediaType : Json);
        dialect.AddHeaders(request, call);
        UpstreamHeaders.Add(request, call, dialect.KeyHeader);
        if (body.IsNative)
        {
            UpstreamHeaders.Join(request, call.Native!.Headers);
        }

        return request;
    }

    private static bool Is(HttpResponseMessage response, string mediaType) =>
        string.Equals(response.Content.Headers.ContentType?.MediaType, mediaType, StringComparison.OrdinalIgnoreCase);

    private static async ValueTask<ReadOnlyMemory<byte>> ReadObjectionAsync(HttpResponseMessage response, CallTimer timer) =>
        await BodyReader.ReadAsync(response, Objection.MostBytes, timer).ConfigureAwait(false) ?? ReadOnlyMemory<byte>.Empty;

    private static string ContentType(HttpResponseMessage response) =>
        response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type) && IsSendable(type.ToString()) ? type.ToString() : Json;

    private List<KeyValuePair<string, string>> Relayed(HttpResponseMessage response, Asked asked)
    {
        var names = dialect.RelayedHeaders;
        var relayed = new List<KeyValuePair<string, string>>(names.Count + 1);
        for (var i = 0; i < names.Count; i++)
        {
            if (response.Headers.NonValidated.TryGetValues(names[i], out var values) && IsSendable(values.ToString()))
            {
                relayed.Add(new(names[i], values.ToString()));
            }
        }

        if (asked.Chat.Adapted.Count + asked.Sent.Adapted.Count > 0)
        {
            relayed.Add(new(AdaptedHeader, string.Join(",", asked.Chat.Adapted.Concat(asked.Sent.Adapted).Distinct())));
        }

        return relayed;
    }

    // A server refuses to send a header with any other character, and the answer with it.
    private static bool IsSendable(string value) => !value.AsSpan().ContainsAnyExceptInRange(' ', '~');

    /// <summary>A request in both formats.</summary>
    private readonly record struct Asked(RequestBody Chat, DialectRequest Sent);
}
