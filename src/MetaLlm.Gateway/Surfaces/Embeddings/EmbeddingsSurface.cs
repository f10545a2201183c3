using System.Text.Json;
using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Chat;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Surfaces.Embeddings;

/// <summary>
/// Vectors of texts. No policy chooses: of the models of one vector space the cheapest serves that is healthy and that the tenant can afford, and another one of the space when it fails.
/// The request passes as it came.
/// </summary>
internal sealed class EmbeddingsSurface : ISurface
{
    private static readonly string[] Formats = ["float", "base64"];

    public ValueTask<SurfaceRequest> ReadAsync(HttpContext context, byte[] body)
    {
        DecisionRequest route;
        using (var document = RequestBodyReader.Parse(body))
        {
            route = Read(document.RootElement, body.Length, context);
        }

        RequestBodyReader.RequireTexts(body);
        return new(new SurfaceRequest(new ChatRequest("", route, Stream: false, Affinity: 0), new ChatPayload(body, Stream: false) { Kind = CallKind.Embeddings }, Answer: null));
    }

    public ApiError? Translate(UpstreamObjection objection) => null;

    private static DecisionRequest Read(JsonElement body, int bytes, HttpContext context)
    {
        var (root, tenant) = (new JsonObjectReader(body, string.Empty), context.Tenant());
        var input = EmbeddingsInput.Read(root);
        var (models, pinned) = Find(root.RequiredText("model", ChatRequestReader.LongestModel), tenant);
        var wishes = RoutingPreferences.Read(root, context.Request.Headers, [.. models.Select(model => model.Id)]);
        if (root.Object("metallm")?.Find("dial") is not null)
        {
            throw ApiException.BadField("metallm.dial", "is given; embedding models are chosen by their prices alone, so that it must be left out.");
        }

        if (root.Text("encoding_format", 64) is { } format && !Formats.Contains(format))
        {
            throw ApiException.BadField("encoding_format", $"is '{format}'; it must be one of {string.Join(", ", Formats)}.");
        }

        var most = models.Max(model => model.Dimensions) ?? EmbeddingModelSettings.MostDimensions;
        _ = root.Whole("dimensions", 1, most);
        var candidates = models.Where(model => tenant.EmbeddingTargets.ContainsKey(model.Id)).Select(model => Candidate(model, tenant.EmbeddingTargets[model.Id], input, bytes)).ToList();
        if (candidates.Count > 0 && candidates.TrueForAll(candidate => candidate.Exclusion == ArmExclusions.ContextTooLong))
        {
            throw new ApiException(
                ErrorCode.ContextLengthExceeded, $"The longest text of 'input' has about {Math.Ceiling(input.Longest)} tokens; {models.Max(model => model.ContextTokens)} are the most.", "input");
        }

        return new DecisionRequest
        {
            Features = QueryFeatures.Of("", [], wishes.Task, input.Tokens),
            Candidates = candidates,
            PinnedArm = pinned,
            AllowedArms = wishes.Allow,
            MaxCostUsd = wishes.MaxCostUsd,
            InputTokensBound = bytes,
            Key = context.CallerKey().OfDirectory,
        };
    }

    private static (IReadOnlyList<EmbeddingModelSettings> Models, string? Pinned) Find(string name, TenantSettings tenant) =>
        tenant.EmbeddingModels.Find(tenant.Aliases.GetValueOrDefault(name, name))
            ?? throw new ApiException(ErrorCode.ModelNotFound, $"The tenant has no embedding model '{name}'; GET /v1/models lists those that it has.", "model");

    /// <summary>A token has at least a byte, so that the request's own bytes bound what it can cost.</summary>
    private static PricedCandidate Candidate(EmbeddingModelSettings model, ArmTarget target, EmbeddingsInput input, int bytes)
    {
        var (expected, tokens) = (target.Prices.Input, Math.Min(input.Tokens, bytes));
        var dearest = target.Deployments.Aggregate(expected, (most, deployment) => Math.Max(most, deployment.Target.Prices.Input));
        return new PricedCandidate(
            model.Id,
            tokens * expected,
            bytes * dearest,
            !model.Enabled ? ArmExclusions.Disabled : model.ContextTokens > 0 && input.Longest > model.ContextTokens ? ArmExclusions.ContextTooLong : null);
    }
}
