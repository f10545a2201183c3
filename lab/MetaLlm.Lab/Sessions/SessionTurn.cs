namespace MetaLlm.Lab.Sessions;

/// <summary>One call of a session, as it comes whatever model serves it: a question, or a tool's result on the way to its answer.</summary>
/// <param name="Question">What the user asked.</param>
/// <param name="IsToolResult">Whether it brings the result of a tool that the answer before has called.</param>
/// <param name="EndsQuestion">Whether its answer is the last one to the question.</param>
/// <param name="PromptTokens">Tokens of the whole prompt.</param>
/// <param name="PrefixTokens">Tokens before the last answer in it.</param>
/// <param name="OutputTokens">Tokens of the answer.</param>
/// <param name="GapSeconds">Seconds since the turn before.</param>
/// <param name="Luck">Uniform number: where scores are probabilities, the question succeeds where the mean of the models that worked on it is above it.</param>
/// <param name="CacheLuck">Uniform number: the cache holds what it should where its reliability is above it.</param>
internal sealed record SessionTurn(
    SessionQuestion Question, bool IsToolResult, bool EndsQuestion, double PromptTokens, double PrefixTokens, double OutputTokens, double GapSeconds, double Luck, double CacheLuck);
