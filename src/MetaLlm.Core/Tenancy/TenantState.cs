using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Budgets;
using MetaLlm.Core.Features;
using MetaLlm.Core.Imputation;
using MetaLlm.Core.Judging;

namespace MetaLlm.Core.Tenancy;

/// <summary>
/// All that one tenant has learned and spent: a fold over its decisions and events. <see cref="Decide"/> changes nothing; everything that
/// changes does so in Apply, so the same log gives the same bytes. Not safe for concurrent use: one owner calls it.
/// </summary>
/// <remarks>
/// A configuration may add, remove, reprice or disable arms and change budgets at any time; what was learned about arms that stay is
/// kept. Another policy, other policy options, other context parts or another seed restart what the policy has learned, a warm start
/// included; ledger and counters stay.
/// </remarks>
public sealed partial class TenantState
{
    private readonly string _embeddingModelId;
    private readonly LinearReduction _modelReduction;
    private readonly FeatureMap _features;
    private readonly DollarPacer _pacer = new();
    private readonly SpendLedger _ledger = new();
    private readonly ExplorationBudget _purse = new();
    private PolicyDescriptor? _descriptor;
    private IBanditPolicy? _policy;
    private DecisionScores? _scores;
    private Dictionary<string, int> _armIndex = new(StringComparer.Ordinal);
    private long _rewardsApplied;
    private long _rewardsIgnored;
    private long _rewardsDefaulted;
    private readonly UserWeights _users = new();
    private RewardImputation? _imputation;

    private TenantState(string tenant, string embeddingModelId, LinearReduction reduction)
    {
        Tenant = tenant;
        _embeddingModelId = embeddingModelId;
        _modelReduction = reduction;
        _features = new FeatureMap(embeddingModelId, reduction);
    }

    /// <summary>The tenant.</summary>
    public string Tenant { get; }

    /// <summary>Sequence of the last event applied; 0 before the first.</summary>
    public long AppliedSequence { get; private set; }

    /// <summary>Ordinal of the last decision applied; 0 before the first.</summary>
    public long DecisionOrdinal { get; private set; }

    /// <summary>
    /// Ordinal up to which missing rewards were given their default, or were none of the option's business: decisions from before it was set stay without.
    /// </summary>
    public long MissingThrough { get; private set; }

    /// <summary>The model that missing rewards are imputed with, as it is now; null while none are.</summary>
    public RewardPredictor? RewardPredictor => _imputation is { Status: ImputationStatus.On } ? _imputation.Predictor : null;

    /// <summary>The configuration in force; null before the first <see cref="ConfiguredEvent"/>.</summary>
    public TenantConfiguration? Configuration { get; private set; }

    /// <summary>Identity of the feature layout, embedding model and fitted numbers included.</summary>
    public string FeatureSchema => _features.Schema(Configuration?.Parts ?? ContextParts.All);

    /// <summary>A tenant that has neither a configuration nor learned anything.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="embeddingModelId">Identity of the embedding model whose vectors it will be given.</param>
    /// <param name="reduction">The model's own reduction.</param>
    public static TenantState Create(string tenant, string embeddingModelId, LinearReduction reduction)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tenant);
        ArgumentException.ThrowIfNullOrWhiteSpace(embeddingModelId);
        ArgumentNullException.ThrowIfNull(reduction);
        return new TenantState(tenant, embeddingModelId, reduction);
    }

    /// <summary>What is known, for people and checks.</summary>
    /// <exception cref="InvalidOperationException">There is no configuration yet.</exception>
    public TenantReport Report()
    {
        var configuration = Configured();
        return new TenantReport
        {
            Tenant = Tenant,
            Policy = _descriptor!.Name,
            PolicyVersion = _descriptor.StateVersion,
            FeatureSchema = FeatureSchema,
            Decisions = DecisionOrdinal,
            EventsApplied = AppliedSequence,
            RewardsApplied = _rewardsApplied,
            RewardsIgnored = _rewardsIgnored,
            RewardsDefaulted = _rewardsDefaulted,
            WarmStartRows = _warmStartRows,
            SpendUsd = _ledger.TotalUsd,
            ReservedUsd = _ledger.ReservedUsd,
            BoundUsd = _ledger.HeldUsd,
            WastedUsd = _wasted.TotalUsd,
            Lambda = Lambda(configuration, WindowTarget(configuration, _now)),
            Windows = [.. ReportWindows(configuration)],
            QualityFloor = ReportFloor(configuration),
            Imputation = _imputation?.Report,
            Canary = ReportCanary(configuration),
            Judges = ReportJudges(),
            Guarantee = _guarantee?.Report(),
            Cascade = _cascade?.Report(),
            StateHash = Hash(),
            Arms =
            [
                .. configuration.Arms.Select((arm, i) => new ArmReport(arm.Id, arm.Enabled, CountedOf(i).Describe())
                {
                    QuizRows = QuizRows(arm.Id),
                    WastedUsd = _wasted.OfUsd(arm.Id),
                    Failures = _policy!.DescribeFailures(i),
                    Drifts = _policy.Drifts(i),
                }),
            ],
        };
    }

    /// <summary>What was measured of the tenant's judges.</summary>
    public IReadOnlyList<JudgeReport> ReportJudges() => _judges.Report();

    private string Hash()
    {
        var buffer = new ArrayBufferWriter<byte>();

        // Without what was counted before a warm start, which nothing is decided by and which states of earlier builds do not have.
        Write(buffer, withEarlier: false);
        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    private TenantConfiguration Configured() =>
        Configuration ?? throw new InvalidOperationException($"Tenant '{Tenant}' is not configured: its first event must be a configuration.");

    private double? SuggestLambda(TenantConfiguration configuration) =>
        configuration.UsdPerRequest is { } usd && _policy!.SuggestLambda(usd) is { } lambda ? Math.Max(0, lambda - configuration.PriceWeight) : null;

    // Derived, not drawn, so that a replay has the same ids each time.
    private string IdOf(ulong seed, long ordinal)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{Tenant}\n{seed}\n{ordinal}");
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        return TenantOwner.DecisionStem(Tenant, ordinal) + Convert.ToHexStringLower(digest.AsSpan(0, 10));
    }
}
