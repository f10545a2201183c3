using System.Globalization;
using System.Text.Json;
using MetaLlm.Core.Arms;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Chat;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Feedback;

/// <summary>Reads feedback: one object, a list, or an object with <c>items</c>. A post is checked whole before anything is recorded.</summary>
internal static class FeedbackReader
{
    public const int LongestKey = 128;
    public const string Decision = "decision";
    public const string Conversation = "conversation";
    public const int LongestId = 128;
    public const int LongestLabel = 64;
    public const int LongestComment = 4000;
    public const double MostTokens = 1e7;
    public const double MostUsd = 1e6;
    public const double MostMilliseconds = 86_400_000;

    /// <param name="body">The body.</param>
    /// <param name="headerKey">Idempotency key of the header; null for none.</param>
    /// <param name="mostItems">Most items of a batch.</param>
    /// <returns>What was posted, at least one item, and whether it came as a list, so that receipts go back as one.</returns>
    /// <exception cref="ApiException">Something is wrong; the field of a batch is named with its index.</exception>
    public static (IReadOnlyList<FeedbackItem> Items, bool IsBatch) Read(JsonElement body, string? headerKey, int mostItems)
    {
        if (headerKey is { Length: 0 or > LongestKey })
        {
            throw ApiException.BadField(MetaLlmHeaders.IdempotencyKey, $"has {headerKey.Length} characters; 1 to {LongestKey} are legal.");
        }

        if (body.ValueKind == JsonValueKind.Array)
        {
            return (ReadBatch(body, string.Empty, headerKey, mostItems), IsBatch: true);
        }

        var root = new JsonObjectReader(body, string.Empty);
        if (root.Find("items") is not { } items)
        {
            return ([ReadItem(root, headerKey)], IsBatch: false);
        }

        root.RefuseUnknown("items");
        return items.ValueKind == JsonValueKind.Array
            ? (ReadBatch(items, "items", headerKey, mostItems), IsBatch: true)
            : throw ApiException.BadField("items", $"is {JsonObjectReader.Name(items)}; it must be a list of feedback objects.");
    }

    private static List<FeedbackItem> ReadBatch(JsonElement list, string path, string? headerKey, int mostItems)
    {
        var count = list.GetArrayLength();
        if (count == 0 || count > mostItems)
        {
            throw ApiException.BadField(path.Length == 0 ? "body" : path, $"has {count} items; 1 to {mostItems} are legal.");
        }

        var items = new List<FeedbackItem>(count);
        foreach (var element in list.EnumerateArray())
        {
            var index = items.Count;
            // One header key for a whole batch: the place in it tells its items apart when the batch is posted again.
            var key = headerKey is null ? null : string.Create(CultureInfo.InvariantCulture, $"{headerKey}#{index}");
            items.Add(ReadItem(new JsonObjectReader(element, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]")), key));
        }

        return items;
    }

    private static FeedbackItem ReadItem(JsonObjectReader item, string? headerKey)
    {
        item.RefuseUnknown("decision_id", "id", "reward", "weight", "label", "comment", "idempotency_key", "usage", "cost_usd", "latency_ms", "scope", "session");
        var session = item.Text("session", RoutingPreferences.LongestSession);
        var ofConversation = ReadScope(item, session is not null);
        var decision = session is null ? ReadDecision(item) : string.Empty;
        var withdrawn = item.Element.TryGetProperty("reward", out var given) && given.ValueKind == JsonValueKind.Null;
        var reward = withdrawn ? 0 : item.Number("reward", 0, 1)
            ?? throw ApiException.BadField(item.Field("reward"), "is missing; it must be a number from 0 to 1, or null to take back what was said.");
        var weight = item.Number("weight", 0, 1, aboveMinimum: true);
        if (withdrawn && weight is not null)
        {
            throw ApiException.BadField(item.Field("weight"), "stands beside a reward that is null; what is taken back has no weight.");
        }

        var label = item.StoredText("label", LongestLabel);
        var comment = item.StoredText("comment", LongestComment);
        var bodyKey = item.StoredText("idempotency_key", LongestKey);
        if (bodyKey is not null && headerKey is not null && bodyKey != headerKey)
        {
            throw ApiException.BadField(item.Field("idempotency_key"), "differs from the Idempotency-Key header; send one of the two.");
        }

        var key = bodyKey ?? headerKey;
        if (key is not null && JournalArguments.KeyFault(key) is { } fault)
        {
            throw ApiException.BadField(bodyKey is null ? MetaLlmHeaders.IdempotencyKey : item.Field("idempotency_key"), fault);
        }

        var outcome = ReadOutcome(item, decision);
        if (ofConversation && outcome is not null)
        {
            throw ApiException.BadField(item.Field("scope"), "is 'conversation', which takes no usage, cost_usd or latency_ms: those belong to one decision.");
        }

        return new FeedbackItem(session, ofConversation, item.Field(session is null ? "decision_id" : "session"), new FeedbackSubmission
        {
            DecisionId = decision,
            Reward = reward,
            Weight = weight ?? 1,
            IsWithdrawal = withdrawn,
            Label = label,
            Comment = comment,
            IdempotencyKey = key,
            Outcome = outcome,
        });
    }

    /// <returns>Whether the feedback is on a whole conversation.</returns>
    private static bool ReadScope(JsonObjectReader item, bool hasSession)
    {
        var scope = item.Text("scope", LongestLabel) ?? (hasSession ? Conversation : Decision);
        if (scope is not (Decision or Conversation))
        {
            throw ApiException.BadField(item.Field("scope"), $"is '{scope}'; it must be one of {Decision}, {Conversation}.");
        }

        if (hasSession && (scope == Decision || item.Find("decision_id") is not null || item.Find("id") is not null))
        {
            throw ApiException.BadField(item.Field("session"), "names a conversation; it stands without 'decision_id' and 'id', and not with scope 'decision'.");
        }

        return scope == Conversation;
    }

    private static string ReadDecision(JsonObjectReader item)
    {
        var decision = item.Text("decision_id", LongestId);
        var id = item.Text("id", LongestId);
        if (decision is not null && id is not null && ChatIds.ToDecision(decision) != ChatIds.ToDecision(id))
        {
            throw ApiException.BadField(item.Field("id"), "and 'decision_id' name different decisions; send one of the two.");
        }

        return ChatIds.ToDecision(decision ?? id
            ?? throw ApiException.BadField(item.Field("decision_id"), "is missing; it must be the decision's id or the id of the answer."));
    }

    private static OutcomeReport? ReadOutcome(JsonObjectReader item, string decision)
    {
        var usage = ReadUsage(item);
        var cost = item.Number("cost_usd", 0, MostUsd);
        var latency = item.Number("latency_ms", 0, MostMilliseconds);
        return usage is null && cost is null && latency is null ? null : new OutcomeReport(decision, usage, cost, latency / 1000);
    }

    private static TokenUsage? ReadUsage(JsonObjectReader item)
    {
        if (item.Object("usage") is not { } usage)
        {
            return null;
        }

        var input = usage.Number("prompt_tokens", 0, MostTokens)
            ?? throw ApiException.BadField(usage.Field("prompt_tokens"), $"is missing; it must be a number from 0 to {MostTokens}.");
        var output = usage.Number("completion_tokens", 0, MostTokens)
            ?? throw ApiException.BadField(usage.Field("completion_tokens"), $"is missing; it must be a number from 0 to {MostTokens}.");
        var cached = usage.Object("prompt_tokens_details")?.Number("cached_tokens", 0, input) ?? 0;
        return new TokenUsage(input, cached, output);
    }
}
