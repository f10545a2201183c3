using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Lab.Sessions;

/// <summary>
/// Questions of four invented topics: plans, changes of code, things to find and read, texts to write. A topic shows in a question's vector, among noise; that of a follow-up
/// ("yes, go on") does not.
/// </summary>
/// <param name="models">The models, which say how often they do well by topic.</param>
/// <param name="mainShare">Probability that a question is of the session's main topic; the others share the rest.</param>
/// <param name="followUpShare">Probability that a question after the first is a follow-up.</param>
internal sealed class InventedQuestions(IReadOnlyList<SessionModel> models, double mainShare, double followUpShare) : ISessionQuestions
{
    private const int FeatureCount = 32;
    private const int Topics = 4;
    private const int FollowUp = Topics;
    private const int Recent = 4;
    private const double FeatureNoise = 0.35;

    private static readonly float[] NoStructure = new float[StructuralFeatures.Count];

    /// <inheritdoc />
    public string EmbeddingModel => "simulated";

    /// <inheritdoc />
    public LinearReduction Reduction { get; } = Identity();

    /// <inheritdoc />
    public ContextParts Parts => ContextParts.Embedding;

    /// <inheritdoc />
    public bool AreRecorded => false;

    /// <inheritdoc />
    public IReadOnlyList<WarmStartQuery> Training => [];

    /// <inheritdoc />
    public Func<CancellationToken, ValueTask<SessionQuestion>> Begin(SessionDraws draws)
    {
        var main = draws.Below(Topics);
        var recent = new float[Recent][];
        var asked = 0;
        return _ =>
        {
            var question = asked++;
            var topic = draws.Uniform() < mainShare ? main : (main + 1 + draws.Below(Topics - 1)) % Topics;
            var said = Vector(question > 0 && draws.Uniform() < followUpShare ? FollowUp : topic, draws);
            recent[question < Recent ? question : 1 + ((question - 1) % (Recent - 1))] = said;
            return ValueTask.FromResult(new SessionQuestion(topic, Features(said), Features(Recently(recent, question)), [.. models.Select(model => model.Success[topic])]));
        };
    }

    private static QueryFeatures Features(float[] vector) => new(NoStructure, vector, null, 1);

    // What a router sees that reads the first question, which states the task, and the last ones together.
    private static float[] Recently(float[][] recent, int question)
    {
        var (all, count) = (new float[FeatureCount], Math.Min(question + 1, Recent));
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < FeatureCount; j++)
            {
                all[j] += recent[i][j] / count;
            }
        }

        return all;
    }

    private static float[] Vector(int direction, SessionDraws draws)
    {
        var vector = new float[FeatureCount];
        for (var j = 0; j < FeatureCount; j++)
        {
            vector[j] = (float)((j == direction ? 1 : 0) + (FeatureNoise * draws.Normal()));
        }

        return vector;
    }

    private static LinearReduction Identity()
    {
        var rows = new float[FeatureCount * FeatureCount];
        for (var i = 0; i < FeatureCount; i++)
        {
            rows[(i * FeatureCount) + i] = 1;
        }

        return new LinearReduction("simulated", FeatureCount, rows, new float[FeatureCount], 1);
    }
}
