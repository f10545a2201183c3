using MetaLlm.Core.Evidence;
using MetaLlm.Core.Tenancy;
using MetaLlm.Lab.Replay.Cascades;
using MetaLlm.Lab.Replay.Guarantees;

namespace MetaLlm.Lab.Replay;

/// <summary>What <c>metallm replay</c> was asked to do; every value is within its legal range.</summary>
internal sealed record ReplayOptions
{
    /// <summary>Directory of the data set.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>File that receives the report.</summary>
    public required string JsonFile { get; init; }

    /// <summary>A guarantee to play instead of policies; null for none.</summary>
    public GuaranteeOptions? Guarantee { get; init; }

    /// <summary>A cascade behind the policies; null for none.</summary>
    public CascadeOptions? Cascade { get; init; }

    /// <summary>Names of the policies, unique; at least one unless something else is played.</summary>
    public required IReadOnlyList<string> Policies { get; init; }

    /// <summary>Trade-offs that each policy is run with, at least one.</summary>
    public IReadOnlyList<TradeOff> TradeOffs { get; init; } = [new TradeOff(null, 0)];

    /// <summary>Warm-start rows; null for a cold start.</summary>
    public TrainSelection? Train { get; init; }

    /// <summary>Part of the data set that is played first and not scored; null for none.</summary>
    public string? BurnInSplit { get; init; }

    /// <summary>The only part that is scored; null scores all that is neither trained nor burnt in.</summary>
    public string? TestSplit { get; init; }

    /// <summary>Models in play; null for all.</summary>
    public IReadOnlyList<string>? Arms { get; init; }

    /// <summary>Number of seeds; seeds are 1 to this.</summary>
    public int Seeds { get; init; } = 5;

    /// <summary>Whether rows keep their recorded order instead of being shuffled per seed.</summary>
    public bool RecordedOrder { get; init; }

    /// <summary>How many requests later a reward reaches the policy.</summary>
    public int Delay { get; init; }

    /// <summary>Share of rewards that are never delivered.</summary>
    public double Missing { get; init; }

    /// <summary>Share of rewards that are delivered twice.</summary>
    public double Duplicates { get; init; }

    /// <summary>Share of rewards that are the opposite of the truth.</summary>
    public double Flipped { get; init; }

    /// <summary>Share of rewards that are the opposite at first and are corrected later.</summary>
    public double Corrections { get; init; }

    /// <summary>How the world changes; one of <see cref="Worlds.Scenarios.Names"/>, or null.</summary>
    public string? Scenario { get; init; }

    /// <summary>The arm that the scenario is about; null for the scenario's own choice.</summary>
    public string? ScenarioArm { get; init; }

    /// <summary>How many answers of an arm that joins are handed over as a quiz; 0 for none.</summary>
    public int Quiz { get; init; }

    /// <summary>Cards that models are played with: <see cref="Replay.Cards.PlayedCards.Own"/>, <see cref="Replay.Cards.PlayedCards.Shuffled"/>, <see cref="Replay.Cards.PlayedCards.Pooled"/>, <see cref="Replay.Cards.PlayedCards.PooledShuffled"/>, or a file; null for none.</summary>
    public string? Cards { get; init; }

    /// <summary>How many rewards each of those cards counts as, unless a file says it.</summary>
    public double CardWeight { get; init; } = new Core.Arms.ModelCard().Weight;

    /// <summary>Tenants that rows of the set stand for, where cards are pooled; 0 for other sets that hold the models, if there are any.</summary>
    public int PoolTenants { get; init; }

    /// <summary>Epsilon of what those tenants give; null for no noise, 0 to give nothing.</summary>
    public double? PoolEpsilon { get; init; } = 1;

    /// <summary>What may be spent on answers of models that do not serve, USD in all; 0 for none.</summary>
    public double ShadowUsd { get; init; }

    /// <summary>Numbers of rows: beside the purse, the same is played without one, but warm-started with so many rows drawn at random; 0 for a cold start.</summary>
    public IReadOnlyList<int> ShadowBeside { get; init; } = [];

    /// <summary>How it is spent.</summary>
    public EvidenceRule ShadowRule { get; init; }

    /// <summary>How many requests later the verdict on such an answer is known.</summary>
    public int ShadowDelay { get; init; }

    /// <summary>Share of those verdicts that are the opposite of the truth.</summary>
    public double ShadowWrong { get; init; }

    /// <summary>Negative control; one of <see cref="Datasets.DatasetControls.Names"/>, or null.</summary>
    public string? Control { get; init; }

    /// <summary>Whose scores are taken, where the data set has those of several judges; null for the data set's own.</summary>
    public Datasets.DatasetJudges? Judges { get; init; }

    /// <summary>File that receives the page with plots; null for none.</summary>
    public string? HtmlFile { get; init; }

    /// <summary>Parts of the context that policies may use.</summary>
    public ContextParts Features { get; init; } = ContextParts.All;

    /// <summary>How many owners decide for the tenant in turn, 1 to 16.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>Whether the scored rows are assigned as one batch instead of one after the other.</summary>
    public bool Batch { get; init; }

    /// <summary>Deviations that a batch takes predictions to be lower, at least one.</summary>
    public IReadOnlyList<double> Cautions { get; init; } = [0];

    /// <summary>Most requests to score; null for no limit.</summary>
    public int? Limit { get; init; }
}
