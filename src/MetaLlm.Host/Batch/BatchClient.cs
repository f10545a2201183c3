using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MetaLlm.Host.Batch;

/// <summary>Speaks with a running gateway, with the key of a tenant.</summary>
internal sealed class BatchClient : IDisposable
{
    private static readonly TimeSpan ReadPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SettlementPause = TimeSpan.FromMilliseconds(200);
    private const int SettlementTries = 25;

    private readonly HttpClient _http;
    private readonly TimeSpan _patience;

    /// <param name="url">Address of the gateway.</param>
    /// <param name="variable">Environment variable that holds the key.</param>
    /// <param name="patience">Longest wait for the answer of one call.</param>
    /// <exception cref="BatchException">They cannot be used.</exception>
    public BatchClient(string url, string variable, TimeSpan patience)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new BatchException($"--url: '{url}' is no http or https address.");
        }

        _patience = patience;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(address, "/v1/"), Timeout = Timeout.InfiniteTimeSpan };
        if (Environment.GetEnvironmentVariable(variable)?.Trim() is { Length: > 0 } key)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>What is predicted of some requests; nothing is decided or paid.</summary>
    /// <returns>The models of each, as <c>POST /v1/assess</c> describes them.</returns>
    /// <exception cref="BatchException">The gateway refuses, or does not answer.</exception>
    public async Task<IReadOnlyList<JsonArray>> AssessAsync(IReadOnlyList<BatchLine> lines, CancellationToken cancellationToken)
    {
        // 'auto' asks for all models; what a line says of its model says which ones it may have.
        var body = new JsonObject { ["requests"] = new JsonArray([.. lines.Select(line => line.Body.DeepClone())]) };
        for (var attempt = 1; ; attempt++)
        {
            var reply = await PostAsync("assess", body.ToJsonString(), key: null, cancellationToken);
            if (reply.Status == HttpStatusCode.OK)
            {
                return Arms(reply.Text) is { } arms && arms.Count == lines.Count
                    ? arms
                    : throw new BatchException($"{_http.BaseAddress}assess does not answer as a router does.", isOfGateway: true);
            }

            if (!reply.MayComeAgain || attempt == BatchRetries.Most)
            {
                throw new BatchException($"the gateway at {_http.BaseAddress} refuses the batch: {reply.Describe()}", isOfGateway: true);
            }

            await Task.Delay(BatchRetries.Pause(attempt, reply.RetryAfter), cancellationToken);
        }
    }

    /// <summary>Makes a chat call.</summary>
    /// <param name="body">The request.</param>
    /// <param name="key">Names the call: one that comes again with it is not paid twice, for as long as the gateway remembers.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="BatchException">The key opens nothing any more.</exception>
    public async Task<BatchReply> ChatAsync(string body, string key, CancellationToken cancellationToken)
    {
        var reply = await PostAsync("chat/completions", body, key, cancellationToken);
        return reply.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden && reply.DecisionId is null
            ? throw new BatchException($"the gateway at {_http.BaseAddress} refuses the key: {reply.Describe()}", isOfGateway: true)
            : reply;
    }

    /// <summary>What a decision's call has cost with its attempts, USD; NaN where the gateway does not say so in time.</summary>
    public async Task<double> FindCostAsync(string decisionId, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < SettlementTries; attempt++)
        {
            using var patience = Patience(ReadPatience, cancellationToken);
            try
            {
                using var response = await _http.GetAsync($"decisions/{Uri.EscapeDataString(decisionId)}", patience.Token);
                if (response.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
                {
                    throw new BatchException("the key may not read decisions, which say what calls have cost; it needs the scopes chat and read.", isOfGateway: true);
                }

                if (response.IsSuccessStatusCode)
                {
                    var decision = JsonNode.Parse(await response.Content.ReadAsStringAsync(patience.Token))!;
                    if (decision["settlement"] is not null)
                    {
                        return decision["attempts"]!.AsArray().Sum(attempt => (double?)attempt!["cost_usd"] ?? 0);
                    }
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or JsonException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // It may be back in a moment; else nobody says what the call has cost.
            }

            await Task.Delay(SettlementPause, cancellationToken);
        }

        return double.NaN;
    }

    private async Task<BatchReply> PostAsync(string path, string body, string? key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var patience = Patience(_patience, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(request, patience.Token);
            var text = await response.Content.ReadAsStringAsync(patience.Token);
            return new BatchReply(response.StatusCode, text)
            {
                DecisionId = Header(response, "x-metallm-decision-id"),
                IsReplayed = Header(response, "x-metallm-replayed") == "true",
                IsFree = Header(response, "x-metallm-cache") == "hit",
                RetryAfter = response.Headers.RetryAfter?.Delta,
            };
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new BatchReply(null, e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new BatchReply(null, string.Create(CultureInfo.InvariantCulture, $"no answer within {_patience.TotalSeconds} seconds"));
        }
    }

    private static CancellationTokenSource Patience(TimeSpan most, CancellationToken cancellationToken)
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(most);
        return patience;
    }

    /// <summary>The models of each request; null for what is no answer of the endpoint.</summary>
    private static List<JsonArray>? Arms(string text)
    {
        try
        {
            return JsonNode.Parse(text)?["data"]?.AsArray().Select(one => one!["arms"]!.AsArray()).ToList();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException)
        {
            return null;
        }
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.First() : null;
}
