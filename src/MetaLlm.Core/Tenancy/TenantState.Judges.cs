using MetaLlm.Core.Judging;

namespace MetaLlm.Core.Tenancy;

/// <summary>What judges said, beside what people said first: docs/math/judging.md.</summary>
public sealed partial class TenantState
{
    private JudgeBook _judges = new();

    private void ObserveJudges(RewardedEvent rewarded)
    {
        if (rewarded.Verdicts is not null)
        {
            _judges.Rewarded(rewarded with { Decision = rewarded.Decision with { ServedArm = IdNow(rewarded.Decision.ServedArm, rewarded.Decision.Ordinal) } });
        }
    }
}
