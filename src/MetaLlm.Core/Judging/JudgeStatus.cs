namespace MetaLlm.Core.Judging;

/// <summary>What a judge's verdicts count for.</summary>
public enum JudgeStatus
{
    /// <summary>People have rated too few of the answers that it judged: it counts what the tenant trusts it with.</summary>
    Trusted = 0,

    /// <summary>It counts what was measured.</summary>
    Calibrated = 1,

    /// <summary>It is measured to tell little or nothing. It is asked on, to be compared with people, and counts next to nothing.</summary>
    Doubted = 2,

    /// <summary>Its error is above the tenant's bound beyond chance: it is asked no more.</summary>
    OffError = 3,

    /// <summary>Many people's rewards have shown nothing that it knows of them: it is asked no more.</summary>
    OffUseless = 4,
}
