using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Surfaces;

namespace MetaLlm.Gateway.Guardrails;

/// <summary>Sends texts to an address, which says what is to become of them.</summary>
/// <param name="client">Makes the calls.</param>
/// <param name="settings">Where to.</param>
internal sealed class WebhookGuardrail(HttpClient client, GuardrailSettings settings) : IGuardrail
{
    // Of two verdicts neither counts.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public async ValueTask<GuardrailVerdict> CheckAsync(GuardedContent content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.Address) { Content = Write(content) };
        if (settings.Key is { } key)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidDataException($"The guardrail answered with status {(int)response.StatusCode}.");
        }

        return Read(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
    }

    private static ReadOnlyMemoryContent Write(GuardedContent content)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = ChatWriter.Open(body))
        {
            writer.WriteStartObject();
            writer.WriteString("stage", content.Stage == GuardrailStage.Request ? "request" : "answer");
            writer.WriteString("tenant", content.Tenant);
            writer.WriteString("model", content.Model);
            writer.WriteString("decision_id", content.DecisionId);
            writer.WriteBoolean("partial", content.IsPartial);
            writer.WriteStartArray("texts");
            foreach (var text in content.Texts)
            {
                writer.WriteStartObject();
                writer.WriteString("role", text.Role);
                writer.WriteString("kind", text.Kind);
                writer.WriteString("text", text.Text);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return new ReadOnlyMemoryContent(body.WrittenMemory) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }

    /// <exception cref="InvalidDataException">It says nothing that is legal.</exception>
    private static GuardrailVerdict Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            var root = document.RootElement;
            return root.GetProperty("verdict").GetString() switch
            {
                "allow" => GuardrailVerdict.Allow,
                "block" => GuardrailVerdict.Block(root.TryGetProperty("reason", out var reason) ? reason.GetString() : null),
                "replace" => GuardrailVerdict.Replace([.. root.GetProperty("texts").EnumerateArray().Select(text => text.GetString() ?? throw new InvalidDataException("A text is null."))]),
                _ => throw new InvalidDataException("The guardrail's verdict must be one of allow, block, replace."),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InvalidDataException("The guardrail's answer is no verdict.", e);
        }
    }
}
