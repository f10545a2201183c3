using System.Collections.Concurrent;
using System.Net.Http.Headers;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Http;
using MetaLlm.Providers.Json;
using MetaLlm.Providers.Objections;
using MetaLlm.Providers.Streaming;
using MetaLlm.Providers.Usage;

namespace MetaLlm.Providers;

/// <summary>Calls any upstream that speaks the OpenAI chat completion format, and passes on whatever it does not know.</summary>
/// <param name="clients">Connection pools.</param>
/// <param name="cures">What models took only after a change.</param>
/// <param name="metrics">Counts.</param>
/// <param name="time">The clock of every limit.</param>
internal sealed class OpenAiChatProvider(UpstreamHttpClients clients, CureBook cures, ProviderMetrics metrics, TimeProvider time) : IChatProvider
{
    /// <summary>Names the client's parameters that were left out or renamed for the model.</summary>
    private const string AdaptedHeader = "x-metallm-adapted-parameters";

    private const int MaxAnswerBytes = 64 * 1024 * 1024;
    private const int MaxCures = 4;
    private const string Json = "application/json";
    private static readonly string[] RelayedHeaders = ["x-request-id", "openai-processing-ms"];
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<Uri, Uri> _addresses = new();

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
            StartLimit(call, timer);
            var response = await ConnectAsync(call, body, timer.Token).ConfigureAwait(false);
            try
            {
                if (response.IsSuccessStatusCode)
                {
                    var answer = await BeginAsync(response, call, body, timer).ConfigureAwait(false);
                    Remember(call, known, applied);
                    return answer;
                }

                if (UpstreamStatus.IsObjection((int)response.StatusCode))
                {
                    var objection = Objection.Read((int)response.StatusCode, await ReadObjectionAsync(response, timer).ConfigureAwait(false));
                    applied = ++cured > MaxCures ? throw objection.ToFailure()
                        : applied.With(objection, body.Members(), body.AddedUsage) ?? throw objection.ToFailure();
                    response.Dispose();
                    continue;
                }

                var failure = UpstreamStatus.ToFailure(response, time);
                var pause = retried ? null : UpstreamStatus.RetryPause(response, failure);
                response.Dispose();
                await Task.Delay(Jittered(pause ?? throw failure), time, timer.Token).ConfigureAwait(false);
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

    private async ValueTask<ChatResponse> BeginAsync(HttpResponseMessage response, ChatCall call, RequestBody body, CallTimer timer)
    {
        var judge = new UsageJudge(call, metrics);
        if (!call.Stream)
        {
            var part = PlainAnswer.Read(call, await BodyReader.ReadAnswerAsync(response, MaxAnswerBytes, timer).ConfigureAwait(false), judge);
            var whole = new ChatResponse((int)response.StatusCode, ContentType(response), Relayed(response, body), new[] { part }.ToAsyncEnumerable(), null);
            response.Dispose();
            timer.Dispose();
            return whole;
        }

        if (!Is(response, "text/event-stream"))
        {
            var error = Is(response, Json) && await BodyReader.ReadAsync(response, Objection.MostBytes, timer).ConfigureAwait(false) is { } text ? PlainAnswer.Error(text) : null;

            // What it says otherwise is the upstream's text, which may hold anything.
            throw error?.ToFailure(judge) ?? new ChatProviderException(ChatFailure.BadAnswer, "A stream was asked for; the upstream sent something else.");
        }

        var answer = await StreamedAnswer.BeginAsync(response, new EventTranslator(call, body.AddedUsage, judge), timer).ConfigureAwait(false);
        return new ChatResponse((int)response.StatusCode, ContentType(response), Relayed(response, body), answer.ReadAsync(CancellationToken.None), answer);
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
            catch (HttpRequestException e) when (retry < call.Endpoint.ConnectRetries && CallTimer.IsNeverSent(e))
            {
                await Task.Delay(Jittered(FirstPause * Math.Pow(2, retry)), time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>From the pause to one and a half times as much, so that calls which failed together do not come back together.</summary>
    private static TimeSpan Jittered(TimeSpan pause) => pause * (1 + (0.5 * Random.Shared.NextDouble()));

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

    private static bool Is(HttpResponseMessage response, string mediaType) =>
        string.Equals(response.Content.Headers.ContentType?.MediaType, mediaType, StringComparison.OrdinalIgnoreCase);

    private static async ValueTask<ReadOnlyMemory<byte>> ReadObjectionAsync(HttpResponseMessage response, CallTimer timer) =>
        await BodyReader.ReadAsync(response, Objection.MostBytes, timer).ConfigureAwait(false) ?? ReadOnlyMemory<byte>.Empty;

    private static string ContentType(HttpResponseMessage response) =>
        response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type) && IsSendable(type.ToString()) ? type.ToString() : Json;

    private static List<KeyValuePair<string, string>> Relayed(HttpResponseMessage response, RequestBody body)
    {
        var relayed = new List<KeyValuePair<string, string>>(RelayedHeaders.Length + 1);
        foreach (var name in RelayedHeaders)
        {
            if (response.Headers.NonValidated.TryGetValues(name, out var values) && IsSendable(values.ToString()))
            {
                relayed.Add(new(name, values.ToString()));
            }
        }

        if (body.Adapted.Count > 0)
        {
            relayed.Add(new(AdaptedHeader, string.Join(",", body.Adapted)));
        }

        return relayed;
    }

    // A server refuses to send a header with any other character, and the answer with it.
    private static bool IsSendable(string value) => !value.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
