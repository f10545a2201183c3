using MetaLlm.Core.Arms;
using MetaLlm.Core.Features;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Chat;
using MetaLlm.Lab.Replay.Datasets;

namespace MetaLlm.Lab.Sessions;

/// <summary>
/// Questions that were really answered by each model, with the scores that each answer got. A session stays with one topic, the data set's tag, and changes to another one at the rate of
/// recorded conversations: four topics in thirteen turns (TopiOCQA, arXiv 2110.00768). A follow-up shows none of what it is about, as a fifth of recorded questions (implicit
/// reference, CoQA, arXiv 1808.07042); its outcome is that of another question of the topic.
/// </summary>
/// <param name="rows">The questions that are asked.</param>
/// <param name="training">The rows that tenants start with.</param>
/// <param name="models">Indices of the models in the rows.</param>
/// <param name="embedder">The embedding model.</param>
internal sealed class RecordedQuestions(IReadOnlyList<ReplayRow> rows, IReadOnlyList<WarmStartQuery> training, IReadOnlyList<int> models, IEmbedder embedder) : ISessionQuestions
{
    private const double ChangeShare = 3.0 / 12;
    private const double FollowUpShare = 0.2;

    private static readonly string[] FollowUps = ["Why?", "Yes, go on.", "And then?", "Are you sure? Please check that again.", "What about the other one?"];

    private readonly ReplayRow[][] _topics = ByTopic(rows);

    /// <inheritdoc />
    public string EmbeddingModel => embedder.Model.Id;

    /// <inheritdoc />
    public LinearReduction Reduction => embedder.Model.Reduction;

    /// <inheritdoc />
    public ContextParts Parts => ContextParts.Structural | ContextParts.Embedding;

    /// <inheritdoc />
    public bool AreRecorded => true;

    /// <inheritdoc />
    public IReadOnlyList<WarmStartQuery> Training => training;

    /// <summary>Rows by topic, in the order of the topics' names.</summary>
    public static ReplayRow[][] ByTopic(IReadOnlyList<ReplayRow> rows) =>
        [.. rows.GroupBy(row => row.Task ?? "", StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => group.ToArray())];

    /// <summary>Rows that tenants start with, as calls of a session: their prompts are anywhere in one.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="world">The world that they are to be of.</param>
    /// <param name="models">Indices of the models in the rows.</param>
    /// <param name="embedder">The embedding model.</param>
    /// <param name="cancellationToken">Cancels between rows.</param>
    public static async Task<IReadOnlyList<WarmStartQuery>> TrainAsync(
        IReadOnlyList<ReplayRow> rows, SessionWorld world, IReadOnlyList<int> models, IEmbedder embedder, CancellationToken cancellationToken)
    {
        const double Spread = 0.8;
        var calls = world.Questions.Most / (1 - world.ToolShare);
        var trained = new WarmStartQuery[rows.Count];
        for (var i = 0; i < trained.Length; i++)
        {
            var draws = new SessionDraws(CounterRandom.Bits(0, (ulong)i + 1));
            var prompt = Math.Ceiling(world.InstructionTokens + (draws.Uniform() * calls * (world.AnswerTokens + world.ResultTokens)));
            var usage = new TokenUsage(prompt, 0, Math.Ceiling(draws.LogNormal(world.AnswerTokens, Spread)));
            trained[i] = new WarmStartQuery(
                QueryFeatures.Of(rows[i].Text, await embedder.EmbedAsync(rows[i].Text, cancellationToken), null, prompt),
                [.. models.Select(m => rows[i].Score[m])],
                [.. models.Select(_ => usage)],
                [.. world.Models.Select(model => model.ListCost(usage))],
                [.. models.Select(_ => double.NaN)]);
        }

        return trained;
    }

    /// <inheritdoc />
    public Func<CancellationToken, ValueTask<SessionQuestion>> Begin(SessionDraws draws)
    {
        var topic = draws.Below(_topics.Length);
        var recent = new RecentQuestions();
        var asked = 0;
        return async cancellationToken =>
        {
            var isFirst = asked++ == 0;
            if (!isFirst && draws.Uniform() < ChangeShare && _topics.Length > 1)
            {
                topic = (topic + 1 + draws.Below(_topics.Length - 1)) % _topics.Length;
            }

            var row = _topics[topic][draws.Below(_topics[topic].Length)];
            var text = !isFirst && draws.Uniform() < FollowUpShare ? FollowUps[draws.Below(FollowUps.Length)] : row.Text;
            recent.Add(text);
            return new SessionQuestion(
                topic, await FeaturesAsync(text, cancellationToken), await FeaturesAsync(recent.ToText()!, cancellationToken), [.. models.Select(m => row.Score[m])]);
        };
    }

    private async ValueTask<QueryFeatures> FeaturesAsync(string text, CancellationToken cancellationToken) =>
        QueryFeatures.Of(text, await embedder.EmbedAsync(text, cancellationToken), null, 1);
}
