namespace MetaLlm.Lab;

/// <summary>What the user gave cannot be used. The command prints the messages and exits with code 2.</summary>
/// <param name="messages">One sentence per problem: where it is, what was found, what is legal.</param>
internal sealed class BadInputException(params IReadOnlyList<string> messages) : Exception(string.Join(Environment.NewLine, messages))
{
    /// <summary>One sentence per problem.</summary>
    public IReadOnlyList<string> Messages { get; } = messages;
}
