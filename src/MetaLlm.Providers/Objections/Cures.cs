using MetaLlm.Providers.Json;

namespace MetaLlm.Providers.Objections;

/// <summary>What to change in requests so that one model takes them. Immutable.</summary>
internal sealed record Cures
{
    public static readonly Cures None = new();

    /// <summary>The member that asks for probabilities of tokens.</summary>
    public const string Probabilities = "logprobs";

    /// <summary>Values of one parameter that are remembered one by one; when there are more, the parameter is left out whatever its value.</summary>
    private const int MostValues = 8;

    /// <summary>Parameters to leave out, with the JSON values that are refused; null for any value.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>?> Dropped { get; private init; } = new Dictionary<string, IReadOnlyList<string>?>();

    /// <summary>Whether a usage count in streams is not to be asked for.</summary>
    public bool WithoutStreamUsage { get; private init; }

    /// <summary>The name under which the model knows the limit of its answer; null for the client's.</summary>
    public string? LimitName { get; private init; }

    /// <summary>Whether messages and tools are to be sent without the members that providers have added to the format (<see cref="ChatExtensions"/>).</summary>
    public bool WithoutExtensions { get; private init; }

    /// <summary>What is not to be asked for besides what the client does.</summary>
    public Extras Without { get; private init; }

    public bool IsNone => Without == Extras.None && Dropped.Count == 0 && !WithoutStreamUsage && LimitName is null && !WithoutExtensions;

    /// <summary>Whether a member with this value is to be left out.</summary>
    public bool Drops(string name, string value) => Dropped.TryGetValue(name, out var values) && (values is null || values.Contains(value));

    /// <summary>These and one more, which mends what a model said of a request; null when nothing is known that would.</summary>
    /// <param name="objection">What it said.</param>
    /// <param name="sent">Members of the request as the model got it, with their JSON values.</param>
    /// <param name="addedStreamUsage">Whether the usage count was asked for by us and not by the client.</param>
    public Cures? With(Objection objection, IReadOnlyDictionary<string, string> sent, bool addedStreamUsage)
    {
        if (objection.IsAboutProbabilities && sent.ContainsKey(Probabilities))
        {
            // How many alternatives are to be told goes with it.
            return WithDropped(Probabilities, null).WithDropped("top_logprobs", null);
        }

        if (objection.Status is not (400 or 422) || ObjectionCodes.IsIncurable(objection.Code) || objection.IsModelMissing || !objection.IsAboutSupport)
        {
            return null;
        }

        if (addedStreamUsage && !WithoutStreamUsage && Names(objection, "stream_options", "include_usage"))
        {
            return this with { WithoutStreamUsage = true };
        }

        if (ExtraOf(objection) is var extra && extra != Extras.None && !Without.HasFlag(extra))
        {
            return this with { Without = Without | extra };
        }

        // Each of the two limits may be named in words on the other: the one that was sent is the one that is refused.
        if (LimitName is null && CurableParameters.Limits.FirstOrDefault(name => sent.ContainsKey(name) && Names(objection, name)) is { } limit)
        {
            return this with { LimitName = CurableParameters.OtherLimit(limit) };
        }

        foreach (var (name, value) in sent)
        {
            if (CurableParameters.All.Contains(name) && Names(objection, name))
            {
                return WithDropped(name, CurableParameters.HasFewValues(name) && objection.IsAboutValue ? value : null);
            }
        }

        return null;
    }

    /// <summary>These and the loss of extensions, where a model says that it does not know one that messages or tools have; null otherwise.</summary>
    /// <param name="objection">What it said.</param>
    /// <param name="request">The request as the model got it.</param>
    public Cures? WithoutExtensionsAfter(Objection objection, ReadOnlySpan<byte> request)
    {
        if (WithoutExtensions || objection.Status is not (400 or 422) || ObjectionCodes.IsIncurable(objection.Code) || !objection.IsAboutSupport)
        {
            return null;
        }

        foreach (var name in ChatExtensions.Names)
        {
            if (ContainsWord(objection.Place, name) && ChatExtensions.Has(request, name))
            {
                return this with { WithoutExtensions = true };
            }
        }

        return null;
    }

    /// <summary>Both together.</summary>
    public Cures And(Cures other) => other.Dropped.Aggregate(
        this with { Without = Without | other.Without, WithoutStreamUsage = WithoutStreamUsage || other.WithoutStreamUsage, LimitName = LimitName ?? other.LimitName, WithoutExtensions = WithoutExtensions || other.WithoutExtensions },
        (cures, dropped) => dropped.Value is null ? cures.WithDropped(dropped.Key, null) : dropped.Value.Aggregate(cures, (c, value) => c.WithDropped(dropped.Key, value)));

    private static Extras ExtraOf(Objection objection) =>
        objection.Parameter == "include" || objection.Message.Contains("encrypted content is not supported", StringComparison.OrdinalIgnoreCase) ? Extras.EncryptedReasoning
        : objection.Parameter == "reasoning" && ContainsWord(objection.Place, "summary") ? Extras.Summary
        : Extras.None;

    private Cures WithDropped(string name, string? value)
    {
        var known = Dropped.TryGetValue(name, out var values);
        IReadOnlyList<string>? now = value is null || (known && values is null) || values?.Count >= MostValues ? null : [.. (values ?? []).Append(value).Distinct()];
        return this with { Dropped = new Dictionary<string, IReadOnlyList<string>?>(Dropped) { [name] = now } };
    }

    private static bool Names(Objection objection, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (objection.Parameter is { } parameter ? parameter == name : ContainsWord(objection.Message, name))
            {
                return true;
            }
        }

        return false;
    }

    private static bool ContainsWord(string text, string word)
    {
        for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            if ((at == 0 || !IsPart(text[at - 1])) && (at + word.Length == text.Length || !IsPart(text[at + word.Length])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
