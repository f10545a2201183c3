namespace MetaLlm.Simulator.Drift;

/// <summary>
/// One change of one model. It falls due after a number of requests or at a time; with neither, at once. An event that is
/// due takes effect before the next request is looked at.
/// </summary>
public sealed record DriftEvent
{
    /// <summary>What changes.</summary>
    public required DriftKind Kind { get; init; }

    /// <summary>The model that changes.</summary>
    public required string Model { get; init; }

    /// <summary>For <see cref="DriftKind.Skill"/>: the task type concerned; null for all.</summary>
    public SimTaskType? TaskType { get; init; }

    /// <summary>For <see cref="DriftKind.Skill"/>: the new ability.</summary>
    /// <value>-1 to 2.</value>
    public double? Ability { get; init; }

    /// <summary>For <see cref="DriftKind.Price"/>: the new price.</summary>
    public ModelPrice? Price { get; init; }

    /// <summary>Due once this many chat requests have been received, for whatever model.</summary>
    /// <value>0 or more.</value>
    public long? AfterRequests { get; init; }

    /// <summary>Due at this time by the simulator's clock.</summary>
    public DateTimeOffset? At { get; init; }

    internal bool IsDue(long requests, DateTimeOffset now) =>
        AfterRequests is { } after ? requests >= after : At is not { } at || now >= at;

    internal void ApplyTo(ModelRegistry models)
    {
        switch (Kind)
        {
            case DriftKind.Skill when TaskType is { } type:
                models.Change(Model, model => model with { Abilities = new Dictionary<SimTaskType, double>(model.Abilities) { [type] = Ability!.Value } });
                break;
            case DriftKind.Skill:
                models.Change(Model, model => model with { Ability = Ability!.Value, Abilities = new Dictionary<SimTaskType, double>() });
                break;
            case DriftKind.Price:
                models.Change(Model, model => model with { Price = Price! });
                break;
            case DriftKind.Outage:
                models.TakeDown(Model);
                break;
            default:
                models.Restore(Model);
                break;
        }
    }

    /// <summary>Everything wrong with the event; empty where it is sound.</summary>
    internal IEnumerable<string> Errors(IReadOnlyCollection<string> models)
    {
        if (!Enum.IsDefined(Kind))
        {
            yield return $"kind: {Kind} is not one of {EnumNames.List<DriftKind>()}.";
        }

        if (!models.Contains(Model))
        {
            yield return $"model: '{Model}' is not one of {string.Join(", ", models)}.";
        }

        if (Kind == DriftKind.Skill && Ability is null)
        {
            yield return "ability: missing; a skill event needs one from -1 to 2.";
        }

        if (Ability is { } ability && !(ability is >= ModelRanges.MinimumAbility and <= ModelRanges.MaximumAbility))
        {
            yield return FormattableString.Invariant($"ability: {ability} is outside -1 to 2.");
        }

        if (TaskType is { } type && !Enum.IsDefined(type))
        {
            yield return $"task: {type} is not one of {EnumNames.List<SimTaskType>()}.";
        }

        if (Kind != DriftKind.Skill && (Ability is not null || TaskType is not null))
        {
            yield return $"ability, task: only a skill event has them, not {EnumNames.Of(Kind)}.";
        }

        if (Kind == DriftKind.Price && Price is null)
        {
            yield return "price: missing; a price event needs one.";
        }

        if (Kind != DriftKind.Price && Price is not null)
        {
            yield return $"price: only a price event has one, not {EnumNames.Of(Kind)}.";
        }

        foreach (var error in ModelRanges.PriceErrors("price", Price))
        {
            yield return error;
        }

        if (AfterRequests < 0)
        {
            yield return FormattableString.Invariant($"after_requests: {AfterRequests} is below 0.");
        }

        if (AfterRequests is not null && At is not null)
        {
            yield return "after_requests, at: give one of them, not both.";
        }
    }
}
