namespace MetaLlm.Lab.Evaluate.Parts;

/// <summary>How much of the distance from the static mix to the oracle is there to be learned, at one budget.</summary>
/// <param name="Features"><c>all</c> or <c>no-task</c>.</param>
/// <param name="Budget">USD per request; null for none.</param>
/// <param name="Mix">Reward of the best random mix of fixed arms within the budget.</param>
/// <param name="Learned">Reward with qualities and costs that are predicted from four fifths of all rows, priced in hindsight.</param>
/// <param name="CostsKnown">The same with the true cost of every arm.</param>
/// <param name="Oracle">Reward of one who knows every outcome.</param>
internal sealed record LearnablePoint(string Features, double? Budget, double Mix, double Learned, double CostsKnown, double Oracle);
