using System.Text;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Guardrails;

namespace MetaLlm.Gateway.Judging;

/// <summary>Asks an address for a verdict.</summary>
internal sealed class WebhookJudge : IDisposable
{
    private const int LongestVerdict = 64 * 1024;

    private readonly HttpClient _client = GuardrailWebhook.Connect(LongestVerdict);

    /// <summary>Asks.</summary>
    /// <returns>Null where the reply is no verdict.</returns>
    /// <exception cref="HttpRequestException">It cannot be asked.</exception>
    /// <exception cref="InvalidDataException">It answers with a status that is no success.</exception>
    public async Task<Opinion?> AskAsync(GuardrailSettings address, JudgedCall call, IReadOnlyList<GuardedText> request, string answer, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(address.Timeout);
        var reply = await GuardrailWebhook.AskAsync(
            _client,
            address,
            writer =>
            {
                writer.WriteString("stage", "judge");
                writer.WriteString("tenant", call.Tenant.Id);
                writer.WriteString("model", call.Model);
                writer.WriteString("decision_id", call.DecisionId);
                writer.WriteString("expected", call.Expected);
                GuardrailWebhook.WriteTexts(writer, request);
                writer.WriteString("answer", answer);
            },
            patience.Token).ConfigureAwait(false);
        return JudgePrompt.ReadScore(Encoding.UTF8.GetString(reply)) is { } score ? new Opinion(score) : null;
    }

    public void Dispose() => _client.Dispose();
}
