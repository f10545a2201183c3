using MetaLlm.Core.Arms;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Core.Guarantees;

/// <summary>A tenant's guarantee: arms by their ids, and the decisions that wait for a verdict. Not safe for concurrent use.</summary>
internal sealed class GuaranteeBook
{
    /// <summary>Most decisions that wait; beyond it the oldest counts as one without a verdict.</summary>
    public const int MostWaiting = 4096;

    /// <summary>How long a verdict is waited for. Whoever compares has long done so, or has ended.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    private const string Section = "guarantee book";

    private readonly SortedDictionary<long, Waiting> _waiting = [];
    private readonly List<string> _candidates;
    private readonly ulong _seed;
    private readonly DateTimeOffset _since;
    private Guarantee _fold;

    private GuaranteeBook(GuaranteeSettings settings, List<string> candidates, ulong seed, DateTimeOffset since, Guarantee fold) =>
        (Settings, _candidates, _seed, _since, _fold) = (settings, candidates, seed, since, fold);

    /// <summary>What is promised.</summary>
    public GuaranteeSettings Settings { get; private set; }

    /// <summary>Begins without evidence.</summary>
    /// <param name="settings">What is promised.</param>
    /// <param name="arms">The tenant's arms, the reference among them.</param>
    /// <param name="seed">Seed of all draws.</param>
    /// <param name="since">Now.</param>
    public static GuaranteeBook Begin(GuaranteeSettings settings, IReadOnlyList<Arm> arms, ulong seed, DateTimeOffset since)
    {
        var candidates = CandidatesOf(settings, arms);
        var book = new GuaranteeBook(settings, candidates, seed, since, new Guarantee(settings, candidates.Count, seed, since));
        book.SetAside(arms);
        return book;
    }

    /// <summary>Goes on under another configuration.</summary>
    /// <param name="settings">What is promised now.</param>
    /// <param name="arms">The arms now; arms that were renamed have their new ids already, by <see cref="Rename"/>.</param>
    /// <returns>False where what was proven says nothing of what is promised now, and all has to begin anew.</returns>
    public bool TryFollow(GuaranteeSettings settings, IReadOnlyList<Arm> arms)
    {
        if (!Settings.Continues(settings))
        {
            return false;
        }

        var next = CandidatesOf(settings, arms);
        if (Settings == settings && next.SequenceEqual(_candidates, StringComparer.Ordinal))
        {
            if (SetAside(arms))
            {
                _fold.Refind();
            }

            return true;
        }

        foreach (var (ordinal, waiting) in _waiting.Where(one => !next.Contains(one.Value.Compared, StringComparer.Ordinal)).ToList())
        {
            Observe(ordinal, waiting, differs: null);
        }

        Settings = settings;
        _fold = _fold.Rearranged(settings, [.. next.Select(id => _candidates.IndexOf(id))]);
        _candidates.Clear();
        _candidates.AddRange(next);
        SetAside(arms);
        _fold.Refind();
        return true;
    }

    /// <summary>Sets candidates aside that are not enabled: they would hold back all that may serve.</summary>
    /// <param name="arms">The arms now.</param>
    /// <returns>Whether others are aside than before.</returns>
    public bool SetAside(IReadOnlyList<Arm> arms) => _fold.SetAside([.. _candidates.Select(id => arms.All(arm => arm.Id != id || !arm.Enabled))]);

    /// <summary>Says who is to serve a request, and who is asked beside. Changes nothing.</summary>
    /// <param name="topic">The topic of the request; null for none.</param>
    /// <param name="cost">Predicted cost of an arm, USD; NaN for one that cannot serve.</param>
    public GuaranteePlan Plan(string? topic, Func<string, double> cost)
    {
        var reference = cost(Settings.Reference);
        return _fold.Plan(topic, double.IsNaN(reference) ? 0 : reference, [.. _candidates.Select(cost)]);
    }

    /// <summary>Plans a request that has to stay with an arm.</summary>
    /// <param name="topic">The topic of the request; null for none.</param>
    /// <param name="armId">The arm.</param>
    public GuaranteePlan PlanHeld(string? topic, string armId) => _candidates.IndexOf(armId) is var arm and >= 0 ? _fold.PlanHeld(topic, arm) : _fold.PlanReference(topic);

    /// <summary>Id of the arm that a plan names by its index.</summary>
    public string IdOf(int arm) => arm == GuaranteePlan.Reference ? Settings.Reference : _candidates[arm];

    /// <summary>Takes in a decision that was made under the guarantee.</summary>
    public void Served(DecisionRecord decision, GuaranteePlace place)
    {
        GiveUpWaiting(decision.At);
        var plan = PlanOf(place.Topic, decision.ChosenArm, place.Beside, place.Bound);
        _fold.Served(plan, CostOf(decision, Settings.Reference) is var usd && double.IsNaN(usd) ? 0 : usd, [.. _candidates.Select(id => CostOf(decision, id))]);
        if (plan.Beside is null)
        {
            return;
        }

        _waiting[decision.Ordinal] = new Waiting(decision.At, place.Topic, decision.ChosenArm, place.Beside!, place.Bound, plan.Arm == GuaranteePlan.Reference ? place.Beside! : decision.ChosenArm);
        if (_waiting.Count > MostWaiting)
        {
            var (ordinal, oldest) = _waiting.First();
            Observe(ordinal, oldest, differs: null);
        }
    }

    /// <summary>Whether a decision waits for a verdict.</summary>
    public bool Awaits(long ordinal) => _waiting.ContainsKey(ordinal);

    /// <summary>Takes in a verdict.</summary>
    public void Compared(ComparedEvent compared)
    {
        if (_waiting.TryGetValue(compared.Ordinal, out var waiting))
        {
            Observe(compared.Ordinal, waiting, compared.Differs);
        }
    }

    /// <summary>An arm has another id.</summary>
    public void Rename(string from, string to)
    {
        Settings = Settings.Reference == from ? Settings with { Reference = to } : Settings;
        if (_candidates.IndexOf(from) is var arm and >= 0)
        {
            _candidates[arm] = to;
        }

        string Now(string id) => id == from ? to : id;
        foreach (var (ordinal, one) in _waiting.ToList())
        {
            _waiting[ordinal] = one with { Served = Now(one.Served), Beside = Now(one.Beside), Compared = Now(one.Compared) };
        }
    }

    /// <summary>What is proven.</summary>
    public GuaranteeReport Report() => new() { Reference = Settings.Reference, Equality = Settings.Equality, Candidates = [.. _candidates], Certificate = _fold.Certificate(), Waiting = _waiting.Count };

    public void Write(StateWriter writer)
    {
        writer.Section(Section);
        writer.Text(Settings.Reference);
        writer.Double(Settings.Difference);
        writer.Double(Settings.Confidence);
        writer.Double(Settings.AuditShare);
        writer.Double(Settings.Purse);
        writer.Text(Settings.Equality);
        writer.Long(unchecked((long)_seed));
        writer.Long(_since.UtcTicks);
        writer.Int(_candidates.Count);
        foreach (var id in _candidates)
        {
            writer.Text(id);
        }

        writer.Int(_waiting.Count);
        foreach (var (ordinal, one) in _waiting)
        {
            writer.Long(ordinal);
            writer.Long(one.At.UtcTicks);
            writer.Text(one.Topic);
            writer.Text(one.Served);
            writer.Text(one.Beside);
            writer.Double(one.Bound);
            writer.Text(one.Compared);
        }

        _fold.Write(writer);
    }

    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static GuaranteeBook Read(ref StateReader reader)
    {
        reader.Expect(Section);
        var settings = new GuaranteeSettings
        {
            Reference = reader.Text(), Difference = reader.Double(), Confidence = reader.Double(), AuditShare = reader.Double(), Purse = reader.Double(), Equality = reader.Text(),
        };
        if (settings.Problems().Select(problem => $"{problem.Member} {problem.Message}").FirstOrDefault() is { } problem)
        {
            throw new InvalidDataException($"Learned state is damaged: of a guarantee, {problem}");
        }

        var (seed, since) = (unchecked((ulong)reader.Long()), new DateTimeOffset(reader.Long(), TimeSpan.Zero));
        var candidates = new List<string>();
        for (var left = reader.Int(); left > 0; left--)
        {
            candidates.Add(reader.Text());
        }

        var waiting = new List<(long Ordinal, Waiting One)>();
        for (var left = reader.Int(); left > 0; left--)
        {
            waiting.Add((reader.Long(), new Waiting(new DateTimeOffset(reader.Long(), TimeSpan.Zero), reader.Text(), reader.Text(), reader.Text(), reader.Double(), reader.Text())));
        }

        var book = new GuaranteeBook(settings, candidates, seed, since, Guarantee.Read(ref reader, settings, candidates.Count, seed, since));
        foreach (var (ordinal, one) in waiting)
        {
            book._waiting[ordinal] = one;
        }

        return book;
    }

    private static List<string> CandidatesOf(GuaranteeSettings settings, IReadOnlyList<Arm> arms) => [.. arms.Select(arm => arm.Id).Where(id => id != settings.Reference)];

    private static double CostOf(DecisionRecord decision, string armId)
    {
        foreach (var arm in decision.Arms)
        {
            if (arm.ArmId == armId)
            {
                return double.IsFinite(arm.CostUsd) ? arm.CostUsd : double.NaN;
            }
        }

        return double.NaN;
    }

    private GuaranteePlan PlanOf(string topic, string served, string? beside, double bound) =>
        new(topic, _candidates.IndexOf(served), beside is null ? null : _candidates.IndexOf(beside), bound);

    private void Observe(long ordinal, Waiting waiting, bool? differs)
    {
        _waiting.Remove(ordinal);
        _fold.Observe(PlanOf(waiting.Topic, waiting.Served, waiting.Beside, waiting.Bound), differs);
    }

    // By the clock of decisions, so that a replay gives up the same ones.
    private void GiveUpWaiting(DateTimeOffset at)
    {
        while (_waiting.Count > 0 && _waiting.First() is { Key: var ordinal, Value: var oldest } && at - oldest.At > Patience)
        {
            Observe(ordinal, oldest, differs: null);
        }
    }

    private readonly record struct Waiting(DateTimeOffset At, string Topic, string Served, string Beside, double Bound, string Compared);
}
