using MetaLlm.Simulator.Tasks;

namespace MetaLlm.Lab.Demo;

/// <summary>One query, the model that answered, and whether the answer was right.</summary>
/// <param name="Number">Position in the order in which answers arrived, from 1.</param>
/// <param name="Task">The query.</param>
/// <param name="DecisionId">The router's decision.</param>
/// <param name="Model">The model that answered.</param>
/// <param name="Correct">Whether the checker accepts the answer.</param>
/// <param name="CostUsd">Tokens of the answer times list price, USD.</param>
internal sealed record DemoAnswer(int Number, SimTask Task, string DecisionId, string Model, bool Correct, double CostUsd);
