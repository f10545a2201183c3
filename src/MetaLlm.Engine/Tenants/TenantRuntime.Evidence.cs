using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Tenants;

public sealed partial class TenantRuntime
{
    // How far back what was learned from last is looked for: beyond it the tenant has had so many rewards since that it would not be learned from again.
    private const int MostEventsBack = 20_000;

    private TenantEvidence? _evidence;

    /// <summary>Says which other models a purse should ask what one has served.</summary>
    /// <param name="question">The query's decision and the purse.</param>
    /// <param name="cancellationToken">Cancels a load of the state.</param>
    /// <returns>Their ids; none for a decision of before the first question, or from long ago.</returns>
    public async ValueTask<IReadOnlyList<string>> ChooseEvidenceAsync(EvidenceQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        var state = await ReadyAsync(cancellationToken).ConfigureAwait(false);
        if (_evidence is null)
        {
            var known = await FindEvidenceAsync(state, cancellationToken).ConfigureAwait(false);
            _evidence = new TenantEvidence(state.Configuration!.Seed, known);
        }

        return _evidence.Choose(question, state);
    }

    /// <summary>Takes in what other models answered, and learns from all that is known where enough of it is new.</summary>
    /// <param name="decisionId">The decision by which the query was served.</param>
    /// <param name="answers">What came of the answers.</param>
    /// <param name="cancellationToken">Cancels before an append.</param>
    public async ValueTask<EvidenceReceipt> TellEvidenceAsync(string decisionId, IReadOnlyList<EvidenceAnswer> answers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(answers);
        var state = await ReadyAsync(cancellationToken).ConfigureAwait(false);
        if (_evidence is not { } evidence)
        {
            return new EvidenceReceipt(0, 0, []);
        }

        evidence.Tell(decisionId, answers);
        var quizzed = new List<string>();
        foreach (var quiz in evidence.TakeQuizzes(_services.Model.Id).Where(quiz => state.Configuration!.Arms.Any(arm => arm.Id == quiz.ArmId)))
        {
            await QuizAsync(quiz, cancellationToken).ConfigureAwait(false);
            quizzed.Add(quiz.ArmId);
        }

        if (evidence.TakeDue(state, _services.Model.Id) is not { } due)
        {
            return new EvidenceReceipt(evidence.Known, 0, quizzed);
        }

        await LearnEvidenceAsync(due, cancellationToken).ConfigureAwait(false);
        return new EvidenceReceipt(evidence.Known, due.Rows.Count, quizzed);
    }

    private async ValueTask<WarmStartSet?> FindEvidenceAsync(TenantState state, CancellationToken cancellationToken)
    {
        var size = _services.Options.ReplayPageSize;
        for (var from = state.AppliedSequence - size; state.WarmStartDigest is not null && from > state.AppliedSequence - MostEventsBack - size; from -= size)
        {
            var page = await _services.Journal.ReadEventsAsync(Tenant, Math.Max(0, from), size, cancellationToken).ConfigureAwait(false);
            foreach (var recorded in page.Reverse())
            {
                if (recorded is EvidencedEvent evidenced && evidenced.Digest == state.WarmStartDigest)
                {
                    return evidenced.Set;
                }

                if (recorded is WarmStartedEvent started && started.Digest == state.WarmStartDigest)
                {
                    return started.Set;
                }
            }

            if (from <= 0)
            {
                break;
            }
        }

        return null;
    }
}
