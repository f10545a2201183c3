using System.Text.Json;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Guardrails;

/// <summary>Sends texts to an address, which says what is to become of them.</summary>
/// <param name="client">Makes the calls.</param>
/// <param name="settings">Where to.</param>
internal sealed class WebhookGuardrail(HttpClient client, GuardrailSettings settings) : IGuardrail
{
    public async ValueTask<GuardrailVerdict> CheckAsync(GuardedContent content, CancellationToken cancellationToken) => Read(await GuardrailWebhook.AskAsync(
        client,
        settings,
        writer =>
        {
            writer.WriteString("stage", content.Stage == GuardrailStage.Request ? "request" : "answer");
            writer.WriteString("tenant", content.Tenant);
            writer.WriteString("model", content.Model);
            writer.WriteString("decision_id", content.DecisionId);
            writer.WriteBoolean("partial", content.IsPartial);
            GuardrailWebhook.WriteTexts(writer, content.Texts);
        },
        cancellationToken).ConfigureAwait(false));

    /// <exception cref="InvalidDataException">It says nothing that is legal.</exception>
    private static GuardrailVerdict Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, StrictJson.Options);
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
