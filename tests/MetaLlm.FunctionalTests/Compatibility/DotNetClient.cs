namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>An official client for .NET.</summary>
internal abstract class DotNetClient
{
    protected const string Say = "Say something.";
    protected const string City = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""";
    protected const string Answer = """{"type":"object","properties":{"answer":{"type":["integer","string"]}},"required":["answer"],"additionalProperties":false}""";
    protected const int MostSteps = 5;

    /// <summary>A picture of one point.</summary>
    protected static readonly BinaryData Image = new(Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="));

    /// <summary>The package, and what of it is tried.</summary>
    public abstract string Name { get; }

    /// <summary>What is tried, each with a model of the kind that it is given.</summary>
    public abstract IReadOnlyList<(string Name, Func<string, Task> TryAsync)> Features { get; }

    /// <summary>What an exception of the client's says that an answer with an error said; null for others.</summary>
    public abstract Refused? Refusal(Exception error);

    protected static void Heard(string? text) => Unmet.Unless(text is { Length: > 0 }, "There is no text.");

    protected static void Saw(string? text) => Unmet.Unless(text?.StartsWith("I see", StringComparison.Ordinal) == true, "The model takes it and does not look at it.");

    protected static void Filled(string text) =>
        Unmet.Unless(text.StartsWith('{') && JsonDocument.Parse(text).RootElement.TryGetProperty("answer", out _), "The answer does not have the form.");

    protected static void Called(int steps, string? text)
    {
        Unmet.Unless(steps > 1, "The model calls no tool.");
        Unmet.Unless(text is { Length: > 0 }, "There is no text in the end.");
    }

    /// <summary>Whether text comes in more than one piece.</summary>
    protected static async Task InPiecesAsync<T>(IAsyncEnumerable<T> updates, Func<T, string?> text)
    {
        var pieces = 0;
        await foreach (var update in updates)
        {
            pieces += text(update) is { Length: > 0 } ? 1 : 0;
        }

        Unmet.Unless(pieces > 1, "The text comes in one piece.");
    }

    /// <summary>Whether the client stops waiting for a model that never answers.</summary>
    protected static async Task LeavesAsync(Func<CancellationToken, Task> call)
    {
        using var leaving = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        try
        {
            await call(leaving.Token).WaitAsync(TimeSpan.FromSeconds(60), CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        throw new Unmet("The client sees an end.");
    }

    /// <summary>Whether the client throws its exception for requests that a model objects to.</summary>
    protected async Task ObjectsAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception error) when (Refusal(error) is { Status: HttpStatusCode.BadRequest })
        {
            return;
        }

        throw new Unmet("The model answers.");
    }

    protected static async Task ReadAsync<T>(IAsyncEnumerable<T> updates)
    {
        await foreach (var _ in updates)
        {
        }
    }
}
