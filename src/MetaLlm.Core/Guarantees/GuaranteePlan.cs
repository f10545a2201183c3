namespace MetaLlm.Core.Guarantees;

/// <summary>Who serves a request under a guarantee, and who is asked beside.</summary>
/// <param name="Topic">The topic whose evidence was used.</param>
/// <param name="Arm">Index of the candidate that serves; <see cref="Reference"/> for the reference.</param>
/// <param name="Beside">Whom to ask beside: a candidate's index, or <see cref="Reference"/>; null for nobody.</param>
/// <param name="Bound">The most that the probability of a different answer is, 0 for the reference.</param>
public readonly record struct GuaranteePlan(string Topic, int Arm, int? Beside, double Bound)
{
    /// <summary>Index that stands for the reference.</summary>
    public const int Reference = -1;

    /// <summary>The candidate that is compared with the reference, when somebody is asked beside.</summary>
    public int Compared => Arm == Reference ? Beside ?? Reference : Arm;
}
