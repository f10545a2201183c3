namespace MetaLlm.Lab.Demo;

/// <summary>One line of the closing table.</summary>
/// <param name="Name">What chose the models.</param>
/// <param name="Kind">policy, model, rule, or hindsight for what no router can know.</param>
/// <param name="Accuracy">Share of right answers.</param>
/// <param name="Cost">Mean cost, USD per request.</param>
/// <param name="Mix">Accuracy of the best random mix of single models at that cost.</param>
internal sealed record DemoRow(string Name, string Kind, double Accuracy, double Cost, double Mix);
