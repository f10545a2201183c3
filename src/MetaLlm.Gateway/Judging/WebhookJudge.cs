using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Guardrails;
using MetaLlm.Gateway.Surfaces;

namespace MetaLlm.Gateway.Judging;

/// <summary>Asks an address for a verdict.</summary>
internal sealed class WebhookJudge : IDisposable
{
    private const int LongestVerdict = 64 * 1024;

    private readonly HttpClient _client = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        MaxResponseContentBufferSize = LongestVerdict,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Asks.</summary>
    /// <returns>Null where the reply is no verdict.</returns>
    /// <exception cref="HttpRequestException">It cannot be asked, or answers with another status than 200.</exception>
    public async Task<Opinion?> AskAsync(GuardrailSettings address, JudgedCall call, IReadOnlyList<GuardedText> request, string answer, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(address.Timeout);
        using var message = new HttpRequestMessage(HttpMethod.Post, address.Address) { Content = Write(call, request, answer) };
        if (address.Key is { } key)
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        using var response = await _client.SendAsync(message, HttpCompletionOption.ResponseContentRead, patience.Token).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        return JudgePrompt.ReadScore(await response.Content.ReadAsStringAsync(patience.Token).ConfigureAwait(false)) is { } score ? new Opinion(score) : null;
    }

    public void Dispose() => _client.Dispose();

    private static ReadOnlyMemoryContent Write(JudgedCall call, IReadOnlyList<GuardedText> request, string answer)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = ChatWriter.Open(body))
        {
            writer.WriteStartObject();
            writer.WriteString("stage", "judge");
            writer.WriteString("tenant", call.Tenant.Id);
            writer.WriteString("model", call.Model);
            writer.WriteString("decision_id", call.DecisionId);
            writer.WriteString("expected", call.Expected);
            writer.WriteStartArray("texts");
            foreach (var text in request)
            {
                writer.WriteStartObject();
                writer.WriteString("role", text.Role);
                writer.WriteString("kind", text.Kind);
                writer.WriteString("text", text.Text);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteString("answer", answer);
            writer.WriteEndObject();
        }

        return new ReadOnlyMemoryContent(body.WrittenMemory) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }
}
