namespace MetaLlm.Core.Judging;

/// <summary>On which terms a tenant believes a judge.</summary>
/// <param name="Trust">Weight of a verdict before people have rated enough of the judged answers, 0 to 1.</param>
/// <param name="ErrorBound">Mean |verdict - reward| above which the judge is switched off, above 0 to 1.</param>
public readonly record struct JudgeTerms(double Trust, double ErrorBound);
