namespace MetaLlm.Lab.Evaluate;

/// <summary>What <c>metallm evaluate</c> was asked to do; every value is within its legal range.</summary>
/// <param name="Suite">How much to run.</param>
/// <param name="DataDirectory">Recorded data; null for the simulator's alone.</param>
/// <param name="JsonFile">File that receives the report.</param>
/// <param name="HtmlFile">File that receives the page.</param>
internal sealed record EvaluateOptions(EvaluationSuite Suite, string? DataDirectory, string JsonFile, string HtmlFile);
