using MetaLlm.Core.Arms;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits;

/// <summary>A contextual bandit over a changing set of arms. Not safe for concurrent use: one owner calls it.</summary>
/// <remarks>
/// <see cref="Decide"/> reads the state and never changes it. All change comes through <see cref="OnChosen"/>,
/// <see cref="OnSettled"/>, <see cref="OnFailed"/>, <see cref="OnRewarded"/>, <see cref="SetArms"/>, <see cref="WarmStart"/> and <see cref="Quiz"/>, so that the state is a
/// fold over recorded events and can be rebuilt bit for bit. Arms are addressed by their index in the last <see cref="SetArms"/> call.
/// </remarks>
public interface IBanditPolicy
{
    /// <summary>Replaces the set of arms; what was learned about arms that stay is kept, whatever their new index.</summary>
    /// <param name="arms">The arms; ids unique.</param>
    void SetArms(IReadOnlyList<Arm> arms);

    /// <summary>
    /// Says what an operator expects of the arms. It follows every <see cref="SetArms"/> that a configuration asks for, and replaces what was said before; a policy that reads no cards ignores it.
    /// </summary>
    /// <param name="cards">Per arm; null for an arm without a card.</param>
    void SetCards(IReadOnlyList<CardPrior?> cards)
    {
    }

    /// <summary>Learns from rows in which every arm's outcome is known. Called at most once, before any decision.</summary>
    /// <param name="rows">The rows; contexts have the policy's dimension.</param>
    void WarmStart(IReadOnlyList<WarmStartRow> rows);

    /// <summary>
    /// Learns from what one arm answered to some queries: only what is believed of that arm changes, and what its calls have cost is not counted. Quizzes add up.
    /// </summary>
    /// <param name="arm">Index of the arm.</param>
    /// <param name="rows">
    /// At least one; contexts have the policy's dimension. A reward of another arm that is NaN says that nothing is known of its answer.
    /// </param>
    void Quiz(int arm, IReadOnlyList<WarmStartRow> rows);

    /// <summary>
    /// The dual price that would have met a mean spend on the warm-start rows, or null when the policy has no such estimate.
    /// </summary>
    /// <param name="usdPerRequest">Mean spend to meet, USD, above 0.</param>
    /// <returns>Quality per USD, at least 0; null when unknown.</returns>
    double? SuggestLambda(double usdPerRequest);

    /// <summary>Predicts and scores every feasible arm and states the probability with which each is to be chosen.</summary>
    /// <param name="query">The query; spans are valid during the call only.</param>
    /// <param name="scores">Receives predictions, scores and propensities (0 for infeasible arms, summing to 1).</param>
    void Decide(in DecisionQuery query, DecisionScores scores);

    /// <summary>An arm was chosen (drawn from the propensities, or pinned by the caller).</summary>
    void OnChosen(in ChosenObservation observation);

    /// <summary>A call has ended and its true usage is known.</summary>
    void OnSettled(in SettledObservation observation);

    /// <summary>An attempt at an arm failed. It comes before the settlement of its decision; no context goes with it.</summary>
    void OnFailed(in FailedObservation observation)
    {
    }

    /// <summary>A reward arrived, or replaces an earlier one of the same decision.</summary>
    void OnRewarded(in RewardObservation observation);

    /// <summary>
    /// How often what is believed of an arm has changed at once, such as at an alarm of drift, since the object was made: predictions from before
    /// say little about the next ones. Not part of the state.
    /// </summary>
    int ChangePoints => 0;

    /// <summary>What has been learned about one arm, for people.</summary>
    /// <param name="arm">Index of the arm.</param>
    ArmStatistics Describe(int arm);

    /// <summary>Whether rewards of an arm have lately stopped to agree with predictions, so that what was believed of it counts little until enough of them have come; for people.</summary>
    /// <param name="arm">Index of the arm.</param>
    bool Drifts(int arm) => false;

    /// <summary>How often attempts at an arm have failed, for people.</summary>
    /// <param name="arm">Index of the arm.</param>
    ArmFailures DescribeFailures(int arm) => ArmFailures.None;

    /// <summary>Writes the whole learned state; equal states give equal bytes.</summary>
    void Write(StateWriter writer);

    /// <summary>Replaces the state by one that <see cref="Write"/> wrote for the same arms, dimension and options.</summary>
    /// <exception cref="InvalidDataException">The bytes do not fit.</exception>
    void Read(ref StateReader reader);
}
