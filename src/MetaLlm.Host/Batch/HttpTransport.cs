using System.Globalization;
using System.Net.Http.Headers;
using MetaLlm.Gateway.Batches;

namespace MetaLlm.Host.Batch;

/// <summary>A running gateway over HTTP, with the key of a tenant.</summary>
internal sealed class HttpTransport : IBatchTransport, IDisposable
{
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly TimeSpan _patience;

    /// <param name="url">Address of the gateway.</param>
    /// <param name="variable">Environment variable that holds the key.</param>
    /// <param name="patience">Longest wait for the answer of one call.</param>
    /// <exception cref="BatchException">They cannot be used.</exception>
    public HttpTransport(string url, string variable, TimeSpan patience)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new BatchException($"--url: '{url}' is no http or https address.");
        }

        _patience = patience;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(address, "/"), Timeout = Timeout.InfiniteTimeSpan };
        if (Environment.GetEnvironmentVariable(variable)?.Trim() is { Length: > 0 } key)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
    }

    /// <inheritdoc/>
    public string Name => _http.BaseAddress!.GetLeftPart(UriPartial.Authority);

    public void Dispose() => _http.Dispose();

    /// <inheritdoc/>
    public async Task<BatchReply> SendAsync(string path, byte[]? body, string? key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        var most = body is not null || _patience < LongestRead ? _patience : LongestRead;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(most);
        try
        {
            using var response = await _http.SendAsync(request, patience.Token);
            var text = await response.Content.ReadAsStringAsync(patience.Token);
            return new BatchReply(response.StatusCode, text)
            {
                DecisionId = Header(response, "x-metallm-decision-id"),
                Model = Header(response, "x-metallm-model"),
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
            return new BatchReply(null, string.Create(CultureInfo.InvariantCulture, $"no answer within {most.TotalSeconds} seconds")) { IsLate = true };
        }
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.First() : null;
}
