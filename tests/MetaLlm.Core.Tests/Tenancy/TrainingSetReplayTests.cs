using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Tenancy;

public sealed class TrainingSetReplayTests
{
    private static readonly World World = new(5, [0.0001, 0.001]);

    [Theory]
    [InlineData(ContextParts.All)]
    [InlineData(ContextParts.Structural)]
    [InlineData(ContextParts.Structural | ContextParts.Task)]
    public void Rows_are_read_to_the_bit_as_the_tenant_reads_the_same_queries(ContextParts parts)
    {
        var (log, replayed) = (new Log(World.Configuration() with { Parts = parts }), new TrainingSetReplay());
        for (var i = 0; i < 5; i++)
        {
            replayed.Observe(log.Decide(Log.Query((ulong)i, $"tag{i % 3}")));
        }

        // Twice: the second set finds the tags of the first one in their slots.
        foreach (var set in new[] { Set(40, "first"), Set(60, "second") })
        {
            log.Event(Started(log, set));
            var decisions = set.Rows.Select(row => log.Decide(row.Features)).ToArray();
            var rows = replayed.Map(set, log.State.Configuration!, decisions[0].FeatureSchema);

            Assert.NotNull(rows);
            Assert.Equal(decisions.Select(d => d.Context), rows.Select(r => r.Context));
            Assert.Equal(set.Rows.Select(r => r.Rewards), rows.Select(r => r.Rewards));
            Array.ForEach(decisions, replayed.Observe);
        }
    }

    [Fact]
    public void A_set_that_the_tenant_did_not_learn_from_is_not_read()
    {
        var (configuration, cold, warm) = Layouts();

        Assert.NotNull(new TrainingSetReplay().Map(Set(40, "a"), configuration, warm));
        Assert.Null(new TrainingSetReplay().Map(Set(40, "a"), configuration, cold));
        Assert.Null(new TrainingSetReplay().Map(Set(41, "a"), configuration, warm));
        Assert.Null(new TrainingSetReplay().Map(Set(40, "a") with { EmbeddingModelId = "another" }, configuration, warm));
        Assert.Null(new TrainingSetReplay().Map(Set(40, "a") with { ArmIds = ["arm0", "other"] }, configuration, warm));
        Assert.Null(new TrainingSetReplay().Map(Set(40, "a"), configuration, "no layout"));
    }

    [Fact]
    public void Embeddings_that_the_models_own_reduction_reduced_cannot_be_read()
    {
        var log = new Log(World.Configuration());
        var set = Set(40, "a");
        set = set with { Rows = [.. set.Rows.Select(row => row with { Features = row.Features with { Embedding = [1, 0, 0, 0, 0, 0, 0, 0] } })] };
        log.Event(Started(log, set));
        var schema = log.Decide(World.Query(2)).FeatureSchema;
        Assert.Contains(":fit-", schema, StringComparison.Ordinal);
        Assert.Null(new TrainingSetReplay().Map(set, log.State.Configuration!, schema));
    }

    [Theory]
    [InlineData(ContextParts.All, true)]
    [InlineData(ContextParts.Structural, false)]
    [InlineData(ContextParts.Structural | ContextParts.Task, false)]
    [InlineData(ContextParts.Structural | ContextParts.Task, true)]
    public void A_quiz_is_read_to_the_bit_as_the_tenant_reads_the_same_queries(ContextParts parts, bool warm)
    {
        var (log, replayed) = (new Log(World.Configuration() with { Parts = parts }), new TrainingSetReplay());
        if (warm)
        {
            var set = Set(40, "a");
            log.Event(Started(log, set));
            var first = log.Decide(World.Query(1));
            Assert.NotNull(replayed.Map(set, log.State.Configuration!, first.FeatureSchema));
            replayed.Observe(first);
        }

        replayed.Observe(log.Decide(Log.Query(2, "b1")));
        var quiz = new QuizSet { ArmId = "arm1", Outcomes = Set(20, "b") with { ArmIds = ["arm1", "arm0"] } };
        var schema = log.State.FeatureSchema;
        var rows = replayed.Map(quiz, log.State.Configuration!, schema);

        Assert.NotNull(rows);
        Assert.Equal(quiz.Outcomes.Rows.Select(r => r.Rewards.Reverse()), rows.Select(r => r.Rewards));

        // Decisions that are not applied give no tag a slot, as quizzes do not.
        Assert.Equal(quiz.Outcomes.Rows.Select(r => log.State.Decide(new DecisionRequest { Features = r.Features }, log.Clock).Context), rows.Select(r => r.Context));
    }

    [Fact]
    public void A_quiz_that_the_tenant_read_otherwise_is_not_read()
    {
        var (configuration, cold, warm) = Layouts();
        var quiz = new QuizSet { ArmId = "arm1", Outcomes = Set(20, "b") };

        Assert.Null(new TrainingSetReplay().Map(quiz, configuration, warm));
        Assert.Null(new TrainingSetReplay().Map(quiz, configuration, cold));
        var replayed = new TrainingSetReplay();
        Assert.NotNull(replayed.Map(Set(40, "a"), configuration, warm));
        Assert.NotNull(replayed.Map(quiz, configuration, warm));
        Assert.Null(replayed.Map(quiz, configuration, cold));
        Assert.Null(replayed.Map(quiz, configuration, "no layout"));
        Assert.Null(replayed.Map(quiz with { ArmId = "gone" }, configuration, warm));
        Assert.Null(replayed.Map(quiz with { Outcomes = quiz.Outcomes with { EmbeddingModelId = "another" } }, configuration, warm));
    }

    // Layouts of a tenant before and after a warm start.
    private static (TenantConfiguration Configuration, string Cold, string Warm) Layouts()
    {
        var log = new Log(World.Configuration());
        var cold = log.Decide(World.Query(1)).FeatureSchema;
        log.Event(Started(log, Set(40, "a")));
        return (log.State.Configuration!, cold, log.Decide(World.Query(2)).FeatureSchema);
    }

    private static WarmStartSet Set(int rows, string tag) => new()
    {
        EmbeddingModelId = Log.Model,
        ArmIds = ["arm0", "arm1"],
        Rows = [.. Enumerable.Range(0, rows).Select(i => World.WarmRow(i, i)).Select((row, i) => row with { Features = row.Features with { Task = $"{tag}{i % 4}" } })],
    };

    private static WarmStartedEvent Started(Log log, WarmStartSet set) => new()
    {
        Sequence = log.State.AppliedSequence + 1,
        At = log.Clock,
        Set = set,
        Digest = "digest",
    };
}
