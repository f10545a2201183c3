using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Retrieval;

/// <summary>Asks a server for text.</summary>
/// <param name="settings">Where it is.</param>
/// <param name="http">Its connections.</param>
internal sealed class WebhookRetriever(RetrieverSettings settings, HttpMessageInvoker http) : IRetriever
{
    /// <summary>Longest answer that is read, bytes: above the longest text that settings admit, with every byte written as six.</summary>
    public const int MostBytes = 8 * 1024 * 1024;

    /// <summary>What it was made from.</summary>
    public RetrieverSettings Settings => settings;

    /// <inheritdoc/>
    public async ValueTask<string?> RetrieveAsync(RetrievalQuery query, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.Address)
        {
            Content = JsonContent.Create(new { tenant = query.Tenant, question = query.Question, task = query.Task, decision = query.DecisionId, model = query.Arm }),
        };
        if (settings.Key is { } key)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NoContent)
        {
            return null;
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new HttpRequestException($"The retriever answered with status {(int)response.StatusCode}.", null, response.StatusCode);
        }

        try
        {
            await response.Content.LoadIntoBufferAsync(MostBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new UnusableRetrievalException($"The retriever's answer is longer than {MostBytes} bytes.", e);
        }

        return TextOf(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
    }

    private static string? TextOf(byte[] body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body, StrictJson.Options);
            return answer.RootElement.ValueKind == JsonValueKind.Object && answer.RootElement.TryGetProperty("text", out var text) && text.ValueKind is JsonValueKind.String or JsonValueKind.Null
                ? text.GetString()
                : throw new UnusableRetrievalException("The retriever's answer has no 'text'.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second is a text with half a character in it.
            throw new UnusableRetrievalException("The retriever's answer is no JSON.", e);
        }
    }
}
