namespace MetaLlm.Lab.Demo;

/// <summary>The second act: the same queries, no feedback at all, a judge and a purse.</summary>
/// <param name="Answers">The answers in the order of arrival.</param>
/// <param name="Verdicts">Verdicts that the judge has given.</param>
/// <param name="SpendUsd">What they have cost.</param>
/// <param name="PurseUsd">What they might have cost.</param>
internal sealed record JudgedAct(IReadOnlyList<DemoAnswer> Answers, long Verdicts, double SpendUsd, double PurseUsd)
{
    /// <summary>Share of right answers.</summary>
    public double Accuracy => Answers.Average(a => a.Correct ? 1.0 : 0.0);

    /// <summary>Mean cost of a request, USD.</summary>
    public double CostPerRequest => Answers.Average(a => a.CostUsd);

    /// <summary>What came of it, in a sentence.</summary>
    /// <param name="first">The act with feedback.</param>
    public string Headline(DemoOutcome first) => FormattableString.Invariant(
        $"Without any feedback, with a judge that is wrong one time in twenty: {DemoTable.Percent(Accuracy)} right ({(Accuracy - first.Accuracy) * 100:+0.0;-0.0} points) at {CostPerRequest:0.000000} USD per request; {Verdicts} verdicts for {SpendUsd:0.0000} of {PurseUsd:0.00##} USD");
}
