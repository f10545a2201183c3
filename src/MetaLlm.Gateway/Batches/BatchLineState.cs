using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MetaLlm.Gateway.Batches;

/// <summary>What has become of a query so far. Immutable.</summary>
internal sealed record BatchLineState
{
    private static readonly ImmutableDictionary<string, BatchLoss> None = ImmutableDictionary.Create<string, BatchLoss>(StringComparer.Ordinal);

    /// <summary>A query that nothing was done for.</summary>
    public static BatchLineState Untouched { get; } = new();

    /// <summary>The model of a call that was begun and has not ended, empty for the one that the request names; null for none.</summary>
    public string? Begun { get; init; }

    /// <summary>USD that were set aside for that call.</summary>
    public double HeldUsd { get; init; }

    /// <summary>USD that are counted for all calls that have ended.</summary>
    public double SpentUsd { get; init; }

    /// <summary>By model, what calls have cost that did not become the result.</summary>
    public ImmutableDictionary<string, BatchLoss> Losses { get; init; } = None;

    /// <summary>The line of the results; null while the query has none.</summary>
    public JsonObject? Result { get; init; }

    /// <summary>The same with a call that was begun and of which nothing will be heard: it is taken to have cost what was set aside.</summary>
    public BatchLineState Lost() => Begun is null ? this : Failed(Begun, HeldUsd, isUnknown: true);

    /// <summary>The same with a call that came to nothing.</summary>
    public BatchLineState Failed(string model, double usd, bool isUnknown)
    {
        var before = Losses.GetValueOrDefault(model);
        return this with
        {
            Begun = null, HeldUsd = 0, SpentUsd = SpentUsd + usd, Losses = Losses.SetItem(model, new BatchLoss(before.Usd + usd, before.UnknownUsd + (isUnknown ? usd : 0))),
        };
    }

    /// <summary>What was lost, USD, by model.</summary>
    /// <param name="shown">The model of the call that the result shows; null for none.</param>
    /// <param name="shownUsd">What was counted here for that call, USD.</param>
    public IReadOnlyDictionary<string, double> LostUsd(string? shown = null, double shownUsd = 0) => Losses
        .Select(one => (Model: one.Key, Usd: one.Value.Usd - (one.Key == shown ? shownUsd : 0)))
        .Where(one => one.Usd > 0).ToDictionary(one => one.Model, one => one.Usd, StringComparer.Ordinal);

    /// <summary>As it is kept.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["usd"] = SpentUsd };
        if (Begun is not null)
        {
            json["begun"] = new JsonObject { ["model"] = Begun, ["held_usd"] = HeldUsd };
        }

        if (Result is not null)
        {
            json["result"] = Result.DeepClone();
        }
        else if (!Losses.IsEmpty)
        {
            json["lost"] = new JsonObject(Losses.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)new JsonObject { ["usd"] = one.Value.Usd, ["unknown_usd"] = one.Value.UnknownUsd })));
        }

        return json;
    }

    /// <summary>Reads what was kept.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static BatchLineState Of(JsonNode? json)
    {
        try
        {
            var state = json!.AsObject();
            var begun = state["begun"];
            return new BatchLineState
            {
                Begun = (string?)begun?["model"],
                HeldUsd = (double?)begun?["held_usd"] ?? 0,
                SpentUsd = (double)state["usd"]!,
                Losses = state["lost"] is { } lost
                    ? None.AddRange(lost.AsObject().Select(one => KeyValuePair.Create(one.Key, new BatchLoss((double)one.Value!["usd"]!, (double)one.Value["unknown_usd"]!))))
                    : None,
                Result = (JsonObject?)state["result"]?.DeepClone(),
            };
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or NullReferenceException or InvalidCastException or ArgumentNullException)
        {
            throw new JsonException($"What was kept of a query cannot be read: {e.Message}", e);
        }
    }
}
