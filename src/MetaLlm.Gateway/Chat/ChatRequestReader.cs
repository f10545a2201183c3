using System.Text.Json;
using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Chat;

/// <summary>Reads what routing needs off a chat request. Everything else is the upstream's business and is not looked at.</summary>
internal static class ChatRequestReader
{
    public const int LongestModel = 256;
    private const int LongestFormat = 64;
    public const int MostChoices = 128;
    private const int MostOutputTokens = 100_000_000;

    /// <exception cref="ApiException">A field is missing or illegal.</exception>
    public static ChatRequest Read(JsonElement body, IHeaderDictionary headers, TenantSettings tenant, string? key = null)
    {
        var root = new JsonObjectReader(body, string.Empty);
        var definitions = MessageTokens.Definitions(root);
        using var transcript = tenant.Configuration.Conversations is not null ? new TranscriptReader(tenant.Id, body, definitions) : null;
        var conversation = Conversation.Read(root, transcript);
        var wishes = RoutingPreferences.Read(root, headers, Names(tenant));
        var model = root.RequiredText("model", LongestModel);
        var pinned = Pin(model, tenant);
        var route = new DecisionRequest
        {
            Features = QueryFeatures.Of(conversation.Query, [], wishes.Task, conversation.Tokens + definitions),
            RequiredCapabilities = Capabilities(root, conversation),
            PinnedArm = pinned,
            Preferences = wishes.Preferences,
            AllowedArms = tenant.VariantRules.Allowed(body, wishes.Allow, pinned),
            MaxCostUsd = wishes.MaxCostUsd,
            InputTokensBound = InputBound.Of(body),
            MaxOutputTokens = OutputLimit(root),
            Choices = (int)(root.Whole("n", 1, MostChoices) ?? 1),
            Key = key,
            Conversation = transcript?.ToTurn(wishes.Session),
            User = tenant.MaxWeightPerUser is null ? 0 : EndUser.HashOf(root, tenant.Id),
        };
        if (tenant.Configuration.Canary is not null)
        {
            route = route with { Unit = EndUser.HashOf(root, tenant.Id) is > 0 and var user ? user : route.Conversation?.Key ?? 0 };
        }

        return new ChatRequest(conversation.Query, route, root.Flag("stream"), tenant.HasDeployments ? EndUser.AffinityOf(root, tenant.Id, route.Conversation?.Key ?? 0) : 0)
        {
            LimitsModels = pinned is not null || wishes.Allow is not null,
            Expected = wishes.Expected,
        };
    }

    /// <summary>The smaller of the two names of the same limit.</summary>
    public static double? OutputLimit(JsonObjectReader root)
    {
        var (former, present) = (root.Whole("max_tokens", 1, MostOutputTokens), root.Whole("max_completion_tokens", 1, MostOutputTokens));
        return former is { } one && present is { } other ? Math.Min(one, other) : former ?? present;
    }

    /// <summary>The ids of the tenant's arms.</summary>
    public static IReadOnlyCollection<string> Names(TenantSettings tenant) => [.. tenant.Targets.Keys];

    public static string? Pin(string model, TenantSettings tenant)
    {
        var named = tenant.Aliases.GetValueOrDefault(model, model);
        if (ModelNames.IsAuto(named))
        {
            return null;
        }

        return tenant.Targets.ContainsKey(named)
            ? named
            : throw new ApiException(ErrorCode.ModelNotFound, $"The model '{model}' does not exist; GET /v1/models lists those that do.", "model");
    }

    private static List<string>? Capabilities(JsonObjectReader root, Conversation conversation)
    {
        var needed = new List<string>(3);
        if (IsFilled(root, "tools") || IsFilled(root, "functions"))
        {
            needed.Add("tools");
        }

        if (conversation.HasImages)
        {
            needed.Add("vision");
        }

        if (root.Find("response_format") is { ValueKind: JsonValueKind.Object } format
            && new JsonObjectReader(format, "response_format").Text("type", LongestFormat) is "json_object" or "json_schema")
        {
            needed.Add("json");
        }

        return needed.Count == 0 ? null : needed;
    }

    private static bool IsFilled(JsonObjectReader root, string list) => root.Find(list) is { ValueKind: JsonValueKind.Array } items && items.GetArrayLength() > 0;
}
