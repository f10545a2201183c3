namespace MetaLlm.Simulator.Faults;

/// <summary>The faults in force. Draws depend on the seed, the rule's place and the requests it has seen, so that runs repeat. Safe for concurrent use.</summary>
public sealed class FaultInjector
{
    private readonly Lock _gate = new();
    private readonly List<ActiveRule> _rules = [];
    private readonly int _seed;
    private readonly IReadOnlyCollection<string> _models;
    private int _added;

    internal FaultInjector(int seed, IReadOnlyCollection<string> models, IEnumerable<FaultRule> rules)
    {
        _seed = seed;
        _models = models;
        foreach (var rule in rules)
        {
            Add(rule);
        }
    }

    /// <summary>The rules that can still strike; <see cref="FaultRule.Count"/> is what is left of it.</summary>
    public IReadOnlyList<FaultRule> Rules
    {
        get
        {
            lock (_gate)
            {
                return [.. _rules.Select(active => active.Rule with { Count = active.Remaining })];
            }
        }
    }

    /// <summary>Adds a rule behind those in force.</summary>
    /// <exception cref="ArgumentException">The rule is unsound; the message names every field that is.</exception>
    public void Add(FaultRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (rule.Errors(_models).ToArray() is { Length: > 0 } errors)
        {
            throw new ArgumentException(string.Join(' ', errors), nameof(rule));
        }

        lock (_gate)
        {
            _rules.Add(new ActiveRule(rule, _added++) { Remaining = rule.Count });
        }
    }

    /// <summary>Removes the rules of one model, or every rule where none is named.</summary>
    /// <returns>How many were removed.</returns>
    public int Clear(string? model = null)
    {
        lock (_gate)
        {
            return _rules.RemoveAll(active => model is null || active.Rule.Model == model);
        }
    }

    /// <summary>The rule that strikes this request, if any.</summary>
    internal FaultRule? Draw(string model)
    {
        lock (_gate)
        {
            foreach (var active in _rules)
            {
                if (active.Rule.Model is { } only && only != model)
                {
                    continue;
                }

                var draw = StableHash.Uniform(_seed, "fault", FormattableString.Invariant($"{active.Number}/{active.Seen++}"));
                if (draw >= active.Rule.Probability)
                {
                    continue;
                }

                if (active.Remaining is { } remaining && (active.Remaining = remaining - 1) == 0)
                {
                    _rules.Remove(active);
                }

                return active.Rule;
            }

            return null;
        }
    }

    private sealed class ActiveRule(FaultRule rule, int number)
    {
        public FaultRule Rule { get; } = rule;

        public int Number { get; } = number;

        public int Seen { get; set; }

        public int? Remaining { get; set; }
    }
}
