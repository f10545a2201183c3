using System.CommandLine;
using MetaLlm.Lab.Replay.Cascades;
using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Replay.Guarantees;
using MetaLlm.Lab.Replay.Playing;
using MetaLlm.Lab.Replay.Worlds;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Evidence;
using MetaLlm.Core.Sharing;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Lab.Replay;

/// <summary>The options of <c>replay</c> on the command line, and how they become <see cref="ReplayOptions"/>.</summary>
internal sealed class ReplayArguments
{
    private static readonly Dictionary<string, ContextParts> Features = new(StringComparer.Ordinal)
    {
        ["all"] = ContextParts.All,
        ["no-task"] = ContextParts.Structural | ContextParts.Embedding,
        ["language"] = ContextParts.All | ContextParts.Language,
        ["structural"] = ContextParts.Structural,
        ["structural-language"] = ContextParts.Structural | ContextParts.Language,
        ["bias"] = ContextParts.None,
    };

    private static readonly Dictionary<string, EvidenceRule> ShadowRules = new(StringComparer.Ordinal)
    {
        ["gradient"] = EvidenceRule.Gradient,
        ["full-rows"] = EvidenceRule.FullRows,
        ["random-answers"] = EvidenceRule.RandomAnswers,
        ["uncertainty"] = EvidenceRule.Uncertainty,
        ["contended"] = EvidenceRule.Contended,
    };

    private readonly Option<string> _data = Text("--data", "DIR", "Directory of the data set, with data.jsonl and meta.json; or made:languages, which is made.", required: true);
    private readonly Option<string> _policy = Text("--policy", "NAME[,NAME...]", "Policies to run; oracle sees all outcomes. Required but with --guarantee.");
    private readonly Option<string[]> _budget = Texts("--budget", "USD", "Mean spend per request to keep; repeatable, one run each.");
    private readonly Option<string[]> _priceWeight = Texts("--price-weight", "P", "Fixed shadow price, quality per USD; repeatable, one run each.");
    private readonly Option<string> _train = Text("--train", "SPLIT|FRACTION", "Rows to learn from with full information before the stream; a fraction is drawn per seed.");
    private readonly Option<string> _burnIn = Text("--burn-in", "SPLIT", "Rows to play first, with bandit feedback, without scoring them.");
    private readonly Option<string> _test = Text("--test", "SPLIT", "The only rows to score [default: all that are neither trained on nor burnt in].");
    private readonly Option<string> _arms = Text("--arms", "A,B", "Models in play [default: all].");
    private readonly Option<string> _seeds = Text("--seeds", "N", "Number of seeds [default: 5].");
    private readonly Option<string> _order = Text("--order", "shuffled|recorded", "Order of the stream [default: shuffled].");
    private readonly Option<string> _delay = Text("--delay", "N", "How many requests later a reward reaches the policy [default: 0].");
    private readonly Option<string> _missing = Text("--missing", "F", "Share of rewards that are never delivered [default: 0].");
    private readonly Option<string> _duplicates = Text("--duplicates", "F", "Share of rewards that are delivered twice [default: 0].");
    private readonly Option<string> _flipped = Text("--flipped", "F", "Share of rewards that are the opposite of the truth [default: 0].");
    private readonly Option<string> _corrections = Text("--corrections", "F", "Share of rewards that are the opposite at first and corrected 50 requests later [default: 0].");
    private readonly Option<string> _scenario = Text("--scenario", string.Join('|', Scenarios.Names), "How the world changes in the second third of the stream [default: not at all].");
    private readonly Option<string> _scenarioArm = Text("--scenario-arm", "ARM", "The arm that the scenario is about [default: the scenario's own choice].");
    private readonly Option<string> _quiz = Text("--quiz", "N", "Answers of an arm that joins (scenarios add-...) to hand over as a quiz when it does [default: 0].");
    private readonly Option<string> _cards = Text("--cards", "own|shuffled|pooled|pooled-shuffled|FILE", "What is expected of the models before the first call: their means in other data sets, noisy sums of tenants that share, either with another model each, or a file of cards by model [default: nothing].");
    private readonly Option<string> _cardWeight = Text("--card-weight", "W", "How many rewards such a card counts as [default: 20].");
    private readonly Option<string> _poolTenants = Text("--pool-tenants", "N", "With pooled cards: rows of the set stand for so many tenants that give [default: other data sets do].");
    private readonly Option<string> _epsilon = Text("--epsilon", "E", "With pooled cards: how far one decision may show, 0.01 to 10, inf for no noise, or 0 to give nothing [default: 1].");
    private readonly Option<string> _shadowUsd = Text("--shadow-usd", "USD", "Purse for answers of models that do not serve, in all [default: 0].");
    private readonly Option<string> _shadowBeside = Text("--shadow-beside", "N[,N...]", "Play without the purse beside, warm-started with N rows drawn at random; 0 for a cold start [default: not].");
    private readonly Option<string> _shadowRule = Text("--shadow-rule", string.Join('|', ShadowRules.Keys), "How the purse is spent [default: gradient].");
    private readonly Option<string> _shadowDelay = Text("--shadow-delay", "N", "How many requests later the verdict on such an answer is known [default: 0].");
    private readonly Option<string> _shadowWrong = Text("--shadow-wrong", "F", "Share of those verdicts that are the opposite of the truth [default: 0].");
    private readonly Option<string> _control = Text("--control", string.Join('|', DatasetControls.Names), "Negative control to apply to the data [default: none].");
    private readonly Option<string> _judges = Text("--judges", "LEARN,SCORE", "Two judges of other_judges: policies learn from the scores of the first in --train, and are scored by the second; rows without them are left out [default: the data set's score].");
    private readonly Option<string> _features = Text("--features", "all|no-task|language|structural|structural-language|bias", "What policies know of a query [default: all].");
    private readonly Option<string> _shards = Text("--shards", "N", "Owners that decide in turn and take each other in after 4 requests of each [default: 1].");
    private readonly Option<bool> _batch = new("--batch") { Description = "Assign the scored rows as one batch, with --budget per query, and compare with the policy online." };
    private readonly Option<string[]> _caution = Texts("--caution", "C", "Deviations that a batch takes predictions to be lower; repeatable, one run each [default: 0].");
    private readonly Option<string> _limit = Text("--limit", "N", "Most requests to score; burn-in does not count [default: no limit].");
    private readonly Option<string> _guarantee = Text("--guarantee", "reference=MODEL,difference=D,...", "Plays a guarantee instead of policies: answers differ from the reference's at most at this rate.");
    private readonly Option<string> _cascade = Text("--cascade", "auc=A", "Lets another model take over from answers in doubt, with a simulated confidence of this quality.");
    private readonly Option<string> _json = Text("--json", "FILE", "File that receives the report.", required: true);
    private readonly Option<string> _html = Text("--html", "FILE", "File that receives the report as a page with plots [default: none].");

    /// <summary>Every option, in the order of the help text.</summary>
    public IReadOnlyList<Option> All =>
        [
            _data, _policy, _budget, _priceWeight, _train, _burnIn, _test, _arms, _seeds, _order, _delay, _missing, _duplicates,
            _flipped, _corrections, _scenario, _scenarioArm, _quiz, _cards, _cardWeight, _poolTenants, _epsilon, _shadowUsd, _shadowBeside, _shadowRule, _shadowDelay, _shadowWrong, _control, _judges, _features, _shards, _batch, _caution, _limit, _guarantee, _cascade, _json, _html,
        ];

    /// <summary>Interprets what was given.</summary>
    /// <exception cref="BadInputException">Values are out of range; every one is reported.</exception>
    public ReplayOptions Read(ParseResult parsed)
    {
        var values = new OptionValues();
        var options = new ReplayOptions
        {
            DataDirectory = parsed.GetValue(_data)!,
            JsonFile = parsed.GetValue(_json)!,
            Policies = parsed.GetValue(_policy) is { } policies ? values.Names("--policy", policies) : [],
            Guarantee = parsed.GetValue(_guarantee) is { } guarantee ? GuaranteeOptions.Read(values, guarantee) : null,
            Cascade = parsed.GetValue(_cascade) is { } cascade ? CascadeOptions.Read(values, cascade) : null,
            TradeOffs = ReadTradeOffs(values, parsed.GetValue(_budget) ?? [], parsed.GetValue(_priceWeight) ?? []),
            Train = parsed.GetValue(_train) is { } train ? ReadTrain(values, train) : null,
            BurnInSplit = parsed.GetValue(_burnIn),
            TestSplit = parsed.GetValue(_test),
            Arms = parsed.GetValue(_arms) is { } arms ? values.Names("--arms", arms) : null,
            Seeds = values.Integer("--seeds", parsed.GetValue(_seeds), absent: 5, least: 1, most: 10_000),
            RecordedOrder = values.Choice("--order", parsed.GetValue(_order) ?? "shuffled", ["shuffled", "recorded"]) == "recorded",
            Delay = values.Integer("--delay", parsed.GetValue(_delay), absent: 0, least: 0, most: 1_000_000),
            Missing = values.Share("--missing", parsed.GetValue(_missing)),
            Duplicates = values.Share("--duplicates", parsed.GetValue(_duplicates)),
            Flipped = values.Share("--flipped", parsed.GetValue(_flipped)),
            Corrections = values.Share("--corrections", parsed.GetValue(_corrections)),
            Scenario = parsed.GetValue(_scenario) is { } scenario ? values.Choice("--scenario", scenario, Scenarios.Names) : null,
            ScenarioArm = parsed.GetValue(_scenarioArm),
            Quiz = values.Integer("--quiz", parsed.GetValue(_quiz), absent: 0, least: 0, most: QuizSet.MostRows),
            Cards = parsed.GetValue(_cards),
            CardWeight = parsed.GetValue(_cardWeight) is { } weight
                ? values.Number("--card-weight", weight, $"a number from {ModelCard.LeastWeight} to {ModelCard.LargestWeight}", n => n is >= ModelCard.LeastWeight and <= ModelCard.LargestWeight)
                : new ModelCard().Weight,
            PoolTenants = values.Integer("--pool-tenants", parsed.GetValue(_poolTenants), absent: 0, least: 1, most: 50),
            PoolEpsilon = parsed.GetValue(_epsilon) switch
            {
                null => 1,
                "inf" => null,
                var epsilon => values.Number("--epsilon", epsilon, $"a number from {SharingSettings.LeastEpsilon} to {SharingSettings.LargestEpsilon}, 0 or inf", n => n is 0 or (>= SharingSettings.LeastEpsilon and <= SharingSettings.LargestEpsilon)),
            },
            ShadowUsd = parsed.GetValue(_shadowUsd) is { } usd ? values.Number("--shadow-usd", usd, "a finite number of USD, at least 0", n => n >= 0) : 0,
            ShadowBeside = parsed.GetValue(_shadowBeside) is { } beside
                ? [.. values.Names("--shadow-beside", beside).Select(n => values.Integer("--shadow-beside", n, absent: 0, least: 0, most: 50_000))]
                : [],
            ShadowRule = ShadowRules.GetValueOrDefault(values.Choice("--shadow-rule", parsed.GetValue(_shadowRule) ?? "gradient", [.. ShadowRules.Keys])),
            ShadowDelay = values.Integer("--shadow-delay", parsed.GetValue(_shadowDelay), absent: 0, least: 0, most: 1_000_000),
            ShadowWrong = values.Share("--shadow-wrong", parsed.GetValue(_shadowWrong)),
            Control = parsed.GetValue(_control) is { } control ? values.Choice("--control", control, DatasetControls.Names) : null,
            Judges = parsed.GetValue(_judges) is { } judges ? ReadJudges(values, judges, parsed.GetValue(_train)) : null,
            HtmlFile = parsed.GetValue(_html),
            Features = Features.GetValueOrDefault(values.Choice("--features", parsed.GetValue(_features) ?? "all", [.. Features.Keys])),
            Shards = values.Integer("--shards", parsed.GetValue(_shards), absent: 1, least: 1, most: TenantOwner.Most),
            Batch = parsed.GetValue(_batch),
            Cautions = parsed.GetValue(_caution) is { Length: > 0 } cautions
                ? [.. cautions.Select(c => values.Number("--caution", c, "a finite number of at least 0", n => n >= 0))]
                : [0],
            Limit = parsed.GetValue(_limit) is { } limit ? values.Integer("--limit", limit, absent: 0, least: 1, most: int.MaxValue) : null,
        };
        if (options.ScenarioArm is not null && options.Scenario is null or Scenarios.PhaseSwap)
        {
            values.Problem("--scenario-arm: it needs --scenario, and one that is about an arm.");
        }

        if (options.Quiz > 0 && !Scenarios.IsJoining(options.Scenario))
        {
            values.Problem("--quiz: it needs a --scenario in which an arm joins.");
        }

        if (options.Cards is not null && (options.Train is not null || options.Batch || options.Guarantee is not null || options.Cascade is not null))
        {
            values.Problem("--cards: it goes with cold starts, without --train, --batch, --guarantee or --cascade.");
        }

        if (options.ShadowUsd > 0 && options.Shards > 1)
        {
            values.Problem("--shadow-usd: it needs --shards 1; a purse is one owner's.");
        }

        if (options.ShadowBeside.Count > 0 && options.ShadowUsd == 0)
        {
            values.Problem("--shadow-beside: it needs --shadow-usd above 0.");
        }

        if (options.Policies.Count == 0 == options.Guarantee is null)
        {
            values.Problem("--policy: it must be given, unless --guarantee is; then it must not.");
        }

        CheckIgnored(values, parsed, options);
        if (options.Cascade is not null && (options.Batch || options.Guarantee is not null || options.Scenario is not null || options.ShadowUsd > 0 || options.Shards > 1 || options.Policies.Contains(OracleChooser.Name)))
        {
            values.Problem("--cascade: it goes with policies of the registry, and not with --batch, --guarantee, --scenario, --shadow-usd or --shards.");
        }

        if (options.Batch)
        {
            CheckBatch(values, options);
        }
        else if (parsed.GetValue(_caution) is { Length: > 0 })
        {
            values.Problem("--caution: it needs --batch.");
        }

        values.ThrowIfAnyProblem();
        return options;
    }

    // What does not play policies one request after the other has no use for what happens to their feedback: given all the same, it would seem to have no effect.
    private void CheckIgnored(OptionValues values, ParseResult parsed, ReplayOptions options)
    {
        Option[] feedback = [_delay, _missing, _duplicates, _flipped, _corrections, _html];
        var (mode, ignored) = options switch
        {
            { Guarantee: not null } => (_guarantee.Name, (Option[])[.. feedback, _budget, _priceWeight, _scenario, _scenarioArm, _quiz, _shadowUsd, _shards]),
            { Cascade: not null } => (_cascade.Name, feedback),
            { Batch: true } => (_batch.Name, feedback),
            _ => (string.Empty, []),
        };
        foreach (var option in ignored.Where(o => parsed.GetResult(o) is { Implicit: false }))
        {
            values.Problem($"{option.Name}: {mode} ignores it; leave it out.");
        }
    }

    private static void CheckBatch(OptionValues values, ReplayOptions options)
    {
        if (options.TradeOffs.Any(t => t.Budget is null))
        {
            values.Problem("--batch: it needs --budget, and takes no --price-weight.");
        }

        if (options.Train is null)
        {
            values.Problem("--batch: it needs --train, since a batch is planned before anything is learned from it.");
        }

        if (options.Policies.Contains(Playing.OracleChooser.Name))
        {
            values.Problem("--batch: it needs a policy that predicts; oracle does not.");
        }

        if (options is not { Scenario: null, BurnInSplit: null, Shards: 1, Guarantee: null, ShadowUsd: 0 })
        {
            values.Problem("--batch: --scenario, --burn-in, --shards, --guarantee and --shadow-usd do not go with it.");
        }
    }

    private static TradeOff[] ReadTradeOffs(OptionValues values, string[] budgets, string[] priceWeights)
    {
        TradeOff[] given =
        [
            .. budgets.Select(b => new TradeOff(values.Number("--budget", b, "a finite number of USD above 0", n => n > 0), 0)),
            .. priceWeights.Select(p => new TradeOff(null, values.Number("--price-weight", p, "a finite number of at least 0", n => n >= 0))),
        ];
        return given.Length > 0 ? given : [new TradeOff(null, 0)];
    }

    private static DatasetJudges? ReadJudges(OptionValues values, string text, string? train)
    {
        if (text.Split(',') is [{ Length: > 0 } learn, { Length: > 0 } score] && train is not null && !OptionValues.IsNumber(train))
        {
            return new DatasetJudges(learn, score, train);
        }

        values.Problem($"--judges: is '{text}'; it must be two names with a comma between, such as r1,claude, beside a --train that names a split.");
        return null;
    }

    // A name that is no number is a split; whether the split exists is known only with the data set.
    private static TrainSelection ReadTrain(OptionValues values, string text) => OptionValues.IsNumber(text)
        ? new TrainSelection(null, values.Number("--train", text, "the name of a split, or a fraction above 0 and below 1", n => n is > 0 and < 1))
        : new TrainSelection(text, null);

    private static Option<string> Text(string name, string helpName, string description, bool required = false) =>
        new(name) { HelpName = helpName, Description = description, Required = required };

    private static Option<string[]> Texts(string name, string helpName, string description) =>
        new(name) { HelpName = helpName, Description = description };
}
