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

namespace MetaLlm.Gateway.Surfaces;

/// <summary>
/// Completions, the format before chat. A request is routed as if its prompt were a user's message, among models whose upstreams may have the format, and passes both ways as it comes.
/// </summary>
internal sealed class CompletionsSurface : ISurface
{
    /// <summary>What a model with a list of capabilities needs in it.</summary>
    public const string Capability = "completions";

    private const int MostPrompts = 128;
    private const string Rule = "it must be a text or a list of texts; tokens differ between models";

    public ValueTask<SurfaceRequest> ReadAsync(HttpContext context, byte[] body)
    {
        ChatRequest request;
        using (var document = RequestBodyReader.Parse(body))
        {
            request = Read(document.RootElement, context);
        }

        RequestBodyReader.RequireTexts(body);
        return new(new SurfaceRequest(request, new ChatPayload(body, request.Stream) { Kind = CallKind.Completions }, Answer: null));
    }

    public ApiError? Translate(UpstreamObjection objection) => null;

    private static ChatRequest Read(JsonElement body, HttpContext context)
    {
        var (root, tenant) = (new JsonObjectReader(body, string.Empty), context.Tenant());
        var (query, prompts) = Prompt(root);
        var wishes = RoutingPreferences.Read(root, context.Request.Headers, ChatRequestReader.Names(tenant));
        var pinned = ChatRequestReader.Pin(root.RequiredText("model", ChatRequestReader.LongestModel), tenant);
        var choices = Math.Max(root.Whole("n", 1, ChatRequestReader.MostChoices) ?? 1, root.Whole("best_of", 1, ChatRequestReader.MostChoices) ?? 1);
        var route = new DecisionRequest
        {
            Features = QueryFeatures.Of(query, [], wishes.Task, Math.Max(1, TokenEstimate.FromText(query))),
            RequiredCapabilities = [Capability],
            PinnedArm = pinned,
            Preferences = wishes.Preferences,
            AllowedArms = Allowed(tenant, tenant.VariantRules.Allowed(body, wishes.Allow, pinned), pinned),
            MaxCostUsd = wishes.MaxCostUsd,
            InputTokensBound = InputBound.Of(body),
            MaxOutputTokens = ChatRequestReader.OutputLimit(root),
            Choices = (int)choices * prompts,
            Key = context.CallerKey().OfDirectory,
            User = tenant.MaxWeightPerUser is null ? 0 : EndUser.HashOf(root, tenant.Id),
            Unit = tenant.Configuration.Canary is null ? 0 : EndUser.HashOf(root, tenant.Id),
        };
        return new ChatRequest(query, route, root.Flag("stream"), tenant.HasDeployments ? EndUser.AffinityOf(root, tenant.Id) : 0)
        {
            LimitsModels = pinned is not null || wishes.Allow is not null,
            Expected = wishes.Expected,
        };
    }

    private static (string Query, int Count) Prompt(JsonObjectReader root)
    {
        if (root.Find("prompt") is not { } prompt)
        {
            throw ApiException.BadField("prompt", $"is missing; {Rule}.");
        }

        if (prompt.ValueKind == JsonValueKind.String)
        {
            return (JsonObjectReader.String(prompt, "prompt"), 1);
        }

        if (prompt.ValueKind != JsonValueKind.Array)
        {
            throw ApiException.BadField("prompt", $"is {JsonObjectReader.Name(prompt)}; {Rule}.");
        }

        if (prompt.GetArrayLength() is 0 or > MostPrompts)
        {
            throw ApiException.BadField("prompt", $"has {prompt.GetArrayLength()} entries; 1 to {MostPrompts} are legal.");
        }

        var texts = new List<string>(prompt.GetArrayLength());
        foreach (var item in prompt.EnumerateArray())
        {
            var field = $"prompt[{texts.Count}]";
            texts.Add(item.ValueKind == JsonValueKind.String ? JsonObjectReader.String(item, field) : throw ApiException.BadField(field, $"is {JsonObjectReader.Name(item)}; {Rule}."));
        }

        return (string.Join('\n', texts), texts.Count);
    }

    /// <summary>The models whose upstreams speak a format that has completions, of those that the client admits.</summary>
    private static List<string> Allowed(TenantSettings tenant, IReadOnlyList<string>? wanted, string? pinned)
    {
        var able = tenant.Targets.Where(target => target.Value.Endpoint.Takes(CallKind.Completions) && !target.Value.AddsText).Select(target => target.Key).ToList();
        var allowed = able.FindAll(model => (pinned is null || model == pinned) && (wanted is null || wanted.Contains(model)));
        return allowed.Count > 0
            ? allowed
            : throw ApiException.BadField("model", able.Count == 0
                ? "names models whose upstreams have chat completions alone; none of the tenant's has completions."
                : $"and 'metallm.allow' leave no model whose upstream has completions; {string.Join(", ", able)} may have them.");
    }
}
