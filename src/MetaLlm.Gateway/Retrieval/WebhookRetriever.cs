using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Configuration;

namespace MetaLlm.Gateway.Retrieval;

/// <summary>Asks a server for text.</summary>
/// <param name="settings">Where it is.</param>
/// <param name="http">Its connections.</param>
internal sealed class WebhookRetriever(RetrieverSettings settings, HttpMessageInvoker http) : IRetriever
{
    // JSON may write a byte as six.
    private const int LargestFactor = 6;
    private const int Frame = 4096;

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

        await response.Content.LoadIntoBufferAsync((LargestFactor * (long)settings.MaxBytes) + Frame, cancellationToken).ConfigureAwait(false);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
        return answer.RootElement.ValueKind == JsonValueKind.Object && answer.RootElement.TryGetProperty("text", out var text) && text.ValueKind is JsonValueKind.String or JsonValueKind.Null
            ? text.GetString()
            : throw new InvalidDataException("The retriever's answer has no 'text'.");
    }
}
