using System.Text;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Surfaces;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Idempotency;

/// <summary>What two requests must have in common for the answer of one to stand for the other: everything but the plain words of their question.</summary>
/// <param name="Hash">A hash of all parameters, instructions, wishes, models, and the words of the question that embeddings do not tell apart.</param>
internal readonly record struct SimilarKey(UInt128 Hash)
{
    /// <summary>Surfaces whose answers are nothing that a client goes on from by an id.</summary>
    private static readonly string[] Paths = ["/v1/chat/completions", "/v1/messages"];

    /// <summary>The key of a request; null for one that only its very own answer can answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="asked">What was read of it.</param>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="model">The model that embeds its question.</param>
    public static SimilarKey? Of(HttpRequest request, SurfaceRequest asked, TenantSettings tenant, EmbeddingModelInfo model)
    {
        // Questions that differ only after the model has stopped to read have one vector.
        if (asked.Payload.Kind != CallKind.Chat || asked.Chat.Route.Choices != 1 || !Array.Exists(Paths, path => request.Path.Equals(path, StringComparison.OrdinalIgnoreCase))
            || !QuestionText.IsReadWhole(asked.Chat.Query, model.WholeCharacters) || AskedQuestion.Read(asked.Payload.Body) is not { } question || question.Text != asked.Chat.Query)
        {
            return null;
        }

        // An upstream that speaks the client's format gets more than its translation says.
        var native = asked.Payload.Native is { } written ? AskedQuestion.Read(written.Body) : question;
        if (native?.Text != question.Text)
        {
            return null;
        }

        var models = string.Join('\n', tenant.Targets.Select(target => $"{target.Key} {target.Value.Endpoint.Name} {target.Value.Model}").Order(StringComparer.Ordinal));
        var rest = Encoding.UTF8.GetBytes($"{question.Rest}\n{native.Rest}");
        var hash = RequestFingerprint.Of(request, rest, $"{tenant.Revision}\n{models}\n{tenant.Guardrails.Words}\n{QuestionText.ExactWords(question.Text)}");
        return new SimilarKey(BitConverter.ToUInt128(hash));
    }
}
